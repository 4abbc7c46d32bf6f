package dev.talweg.optimizer.net;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.Sweep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a partition, tile after tile.
 *
 * <p>Without rounds a tile is done before the next one begins, and one set of arrays does. With
 * them every tile keeps its own from round to round where {@value #KEPT} tiles are enough; of more,
 * each round goes through the net from the start, so that memory does not grow with the batch.
 */
final class NetSweep implements Sweep {
  private static final double[] NOTHING = {};
  private static final int KEPT = 64;

  private final Net net;
  private final List<Layer> layers;
  private final List<Tile> tiles = new ArrayList<>();
  private final List<Rows> rows = new ArrayList<>();
  private double[] parameters = NOTHING;
  private double[] sums = NOTHING;
  private final int rounds;
  private double weight; // of the rows
  private int done; // rounds of this batch

  private record Rows(Block block, int from, int count, Draw draw) {}

  NetSweep(Net net, List<Layer> layers) {
    this.net = net;
    this.layers = layers;
    this.rounds = net.rounds();
  }

  @Override
  public void begin(double[] at) {
    parameters = at;
    rows.clear();
    weight = 0;
    done = 0;
  }

  @Override
  public void add(Block block, int from, int until, Draw draw) {
    for (int start = from; start < until; start += Tile.ROWS) {
      int count = Math.min(Tile.ROWS, until - start);
      rows.add(new Rows(block, start, count, draw.after(start - from)));
    }
    weight += block.weight(from, until);
  }

  @Override
  public double[] advance(List<double[]> known) {
    int round = known.size();
    if (sums.length != parameters.length + 2) {
      sums = new double[parameters.length + 2];
    } else if (!keeps() || done == 0) { // what rounds before went through they go through again
      Arrays.fill(sums, 0);
    }
    sums[parameters.length + 1] = weight;
    double[] part = round == rounds ? NOTHING : net.nothing(round);
    for (int t = 0; t < rows.size(); t++) {
      double[] found = tile(t).advance(parameters, known, sums);
      if (found != null) {
        part = net.merge(round, part, found);
      }
    }
    done++;
    return part;
  }

  private boolean keeps() {
    return rounds > 0 && rows.size() <= KEPT;
  }

  private Tile tile(int t) {
    int number = keeps() ? t : 0;
    if (tiles.size() <= number) {
      tiles.add(new Tile(net, layers));
    }
    Tile tile = tiles.get(number);
    if (!keeps() || done == 0) {
      Rows of = rows.get(t);
      tile.begin(of.block, of.from, of.count, of.draw);
    }
    return tile;
  }

  @Override
  public double[] sums() {
    return sums;
  }
}
