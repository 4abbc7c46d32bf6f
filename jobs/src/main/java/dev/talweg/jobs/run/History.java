package dev.talweg.jobs.run;

import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.optimizer.minimizer.SliceFlow;
import dev.talweg.optimizer.stopping.Progress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code iterations/} as columns, so that a checkpoint can hold them: NaN where a row
 * has nothing.
 */
record History(
    long[] step,
    double[] epoch,
    double[] seconds,
    double[] objective,
    double[] gradientNorm,
    double[] stepLength,
    double[] learningRate,
    double[] gap,
    double[] gapEstimate,
    long[] probes,
    double[] passes,
    double[] train,
    double[] validation,
    long[] bytesReduced,
    Slices slices) {

  /** The rows of {@code slices/} in the same way. */
  record Slices(
      long[] step,
      long[] number,
      double[] gradientNorm,
      double[] parameterNorm,
      double[] updateRatio,
      double[] effectiveRate,
      double[] dead) {

    static Slices of(List<SliceFlow> flows, List<String> names) {
      return new Slices(
          flows.stream().mapToLong(SliceFlow::step).toArray(),
          flows.stream().mapToLong(flow -> names.indexOf(flow.slice())).toArray(),
          flows.stream().mapToDouble(SliceFlow::gradientNorm).toArray(),
          flows.stream().mapToDouble(SliceFlow::parameterNorm).toArray(),
          flows.stream().mapToDouble(SliceFlow::updateRatio).toArray(),
          flows.stream().mapToDouble(SliceFlow::effectiveRate).toArray(),
          flows.stream().mapToDouble(SliceFlow::dead).toArray());
    }

    List<SliceFlow> flows(List<String> names) {
      List<SliceFlow> flows = new ArrayList<>();
      for (int k = 0; k < step.length; k++) {
        flows.add(
            new SliceFlow(
                step[k],
                names.get((int) number[k]),
                gradientNorm[k],
                parameterNorm[k],
                updateRatio[k],
                effectiveRate[k],
                dead[k]));
      }
      return flows;
    }
  }

  /** One row. */
  record Entry(
      long step,
      double epoch,
      double seconds,
      double objective,
      double gradientNorm,
      double stepLength,
      double learningRate,
      double gap,
      double gapEstimate,
      long probes,
      double passes,
      double train,
      double validation,
      long bytesReduced) {

    IterationRecord published() {
      return new IterationRecord(
          step,
          epoch,
          seconds,
          objective,
          gradientNorm,
          stepLength,
          orNull(learningRate),
          orNull(gap),
          probes,
          Math.round(passes),
          orNull(train),
          orNull(validation),
          bytesReduced);
    }

    private static @Nullable Double orNull(double value) {
      return Double.isNaN(value) ? null : (Double) value;
    }

    Progress progress() {
      return new Progress(step, objective, gradientNorm, gap, gapEstimate, validation, seconds);
    }
  }

  static History of(List<Entry> entries, Slices slices) {
    return new History(
        entries.stream().mapToLong(Entry::step).toArray(),
        entries.stream().mapToDouble(Entry::epoch).toArray(),
        entries.stream().mapToDouble(Entry::seconds).toArray(),
        entries.stream().mapToDouble(Entry::objective).toArray(),
        entries.stream().mapToDouble(Entry::gradientNorm).toArray(),
        entries.stream().mapToDouble(Entry::stepLength).toArray(),
        entries.stream().mapToDouble(Entry::learningRate).toArray(),
        entries.stream().mapToDouble(Entry::gap).toArray(),
        entries.stream().mapToDouble(Entry::gapEstimate).toArray(),
        entries.stream().mapToLong(Entry::probes).toArray(),
        entries.stream().mapToDouble(Entry::passes).toArray(),
        entries.stream().mapToDouble(Entry::train).toArray(),
        entries.stream().mapToDouble(Entry::validation).toArray(),
        entries.stream().mapToLong(Entry::bytesReduced).toArray(),
        slices);
  }

  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (int k = 0; k < step.length; k++) {
      entries.add(
          new Entry(
              step[k],
              epoch[k],
              seconds[k],
              objective[k],
              gradientNorm[k],
              stepLength[k],
              learningRate[k],
              gap[k],
              gapEstimate[k],
              probes[k],
              passes[k],
              train[k],
              validation[k],
              bytesReduced[k]));
    }
    return entries;
  }
}
