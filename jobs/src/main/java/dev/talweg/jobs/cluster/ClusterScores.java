package dev.talweg.jobs.cluster;

import dev.talweg.datasets.Lent;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.Model;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Scores of a split of cached blocks, merged left to right over partition numbers. */
public final class ClusterScores {
  private ClusterScores() {}

  /** Which rows of a partition. */
  public interface Split extends Serializable {
    Shard of(PartitionBlocks partition);
  }

  /** One pass over the split. */
  public static Scores of(
      JavaRDD<PartitionBlocks> blocks, Split split, Model model, double[] parameters) {
    Lent<double[]> lent = Lent.to(JavaSparkContext.fromSparkContext(blocks.context()), parameters);
    try {
      Scores total = model.scores();
      InOrder order = new InOrder(total);
      OrderedReduction.run(
          blocks.map(part -> scores(split.of(part), model, lent.value())), order::add);
      return total;
    } finally {
      lent.takeBack();
    }
  }

  private static Scores scores(Shard shard, Model model, double[] parameters) {
    Scores scores = model.scores();
    margins(shard, model, parameters)
        .forEach(
            block ->
                scores.add(
                    block.margins(),
                    block.rows().labels(),
                    block.rows().weights(),
                    block.rows().rows()));
    return scores;
  }

  /** A block with the margins of its rows. */
  @SuppressWarnings("ArrayRecordComponent") // read only, never compared
  record Margins(Block rows, double[] margins) {}

  /** The blocks of a shard, each when its turn comes. */
  static Stream<Margins> margins(Shard shard, Model model, double[] parameters) {
    boolean own = model.width() > 0; // else the model sees rows as they are
    double[] gathered = own ? shard.gather(parameters, model.width()) : parameters;
    return shard.blocks().stream()
        .map(
            part -> {
              Block block = own ? part : shard.expanded(part);
              double[] margins = new double[block.rows() * model.margins()];
              model.predict(block, 0, block.rows(), gathered, margins);
              return new Margins(block, margins);
            });
  }

  /** Merges as soon as all partitions before have come. */
  private static final class InOrder {
    private final Map<Integer, Scores> waiting = new TreeMap<>();
    private final Scores total;
    private int next;

    InOrder(Scores total) {
      this.total = total;
    }

    void add(int partition, Scores scores) {
      waiting.put(partition, scores);
      for (Scores ready = waiting.remove(next); ready != null; ready = waiting.remove(next)) {
        total.merge(ready);
        next++;
      }
    }
  }
}
