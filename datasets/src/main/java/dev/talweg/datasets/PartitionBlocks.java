package dev.talweg.datasets;

import dev.talweg.optimizer.block.Block;
import java.io.Serializable;
import java.util.List;

/**
 * The encoded rows of one partition, by split. There is exactly one per partition, empty splits
 * included.
 */
public record PartitionBlocks(
    int partition, List<Block> train, List<Block> validation, List<Block> test)
    implements Serializable {}
