package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.state.Snapshot;

/** Training a net that is saved and read again on the way. */
final class Resumed {
  private Resumed() {}

  /** Nine steps of Adam, saved after three, with the state that they end in. */
  static Descent.State isTheRunThatWentOn(Net net, BatchObjective batches) {
    Descent adam = new Descent(Optimizers.adam(new Constant(0.01)));
    Descent.State on = adam.start(batches, net.initial(2));
    for (int step = 0; step < 3; step++) {
      on = adam.next(batches, on);
    }
    Snapshot saved = Snapshot.take("adam", on.step(), adam.codec(), on);
    Descent.State resumed = saved.restore("adam", adam.codec());
    for (int step = 3; step < 9; step++) {
      on = adam.next(batches, on);
      resumed = adam.next(batches, resumed);
    }
    assertArrayEquals(on.parameters(), resumed.parameters());
    return on;
  }
}
