package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.Nets;
import dev.talweg.optimizer.net.Net;

/**
 * What a model holds, and what a row costs it, as the columns of a sample have it.
 *
 * @param perFeature parameters that a feature brings, in the mean over those of the sample
 * @param shared parameters that do not grow with features
 * @param products multiplications of a row on its way forward beside {@code perFeature} for each of
 *     its entries: those of the layers of a net, which a recurrent one has at every step
 */
record ModelSize(double perFeature, double shared, double products) {
  /**
   * Seconds of a multiplication of layers, on one core: 64 × 784 × 128 of them in 0.80 ms
   * (docs/decisions/0020).
   */
  private static final double SECONDS = 0.80e-3 / (64 * 784 * 128);

  /** Forward, by the weights, and by what came in. */
  private static final double WAYS = 3;

  static ModelSize of(RunConfig config, Encoding.Outline columns) {
    RunConfig.ModelChoice model = config.model();
    if (!Nets.isNet(model.kind())) {
      return new ModelSize(Math.max(1, columns.classes()), 0, 0);
    }
    Net net = NetTraining.model(model.kind(), model.loss(), model.settings(), columns);
    double ofFeatures = 0;
    for (int j = 0; j < columns.dimension(); j++) {
      ofFeatures += net.weights(j).count();
    }
    double shared = net.layout().dimension() - ofFeatures;
    double features = Math.max(1, columns.dimension());
    return net.products() > 0
        ? new ModelSize(ofFeatures / features, shared, shared)
        : new ModelSize(0, shared, net.work(1, 0));
  }

  double parameters(double features) {
    return perFeature * features + shared;
  }

  /** Seconds of a pass on one core, of all layers. */
  double secondsOfLayers(double rows, double entries) {
    double ofEntries = products > 0 ? perFeature * entries : 0;
    return SECONDS * WAYS * (rows * products + ofEntries);
  }
}
