package dev.talweg.datasets;

import dev.talweg.optimizer.block.Shard;
import java.io.Serializable;

/**
 * The encoded rows of one partition, by split. There is exactly one per partition, empty splits
 * included.
 */
public record PartitionBlocks(int partition, Shard train, Shard validation, Shard test)
    implements Serializable {}
