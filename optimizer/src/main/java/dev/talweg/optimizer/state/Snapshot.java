package dev.talweg.optimizer.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stored state: what a checkpoint holds.
 *
 * @param minimizer what made it, such as {@code Lbfgs[memory=10, refresh=5]}: a state is continued
 *     only by the same
 * @param step steps taken
 * @param columns of {@link StateCodec}
 * @param fingerprint SHA-256 of everything before, in hex; see {@link #intact}
 */
public record Snapshot(
    String minimizer, long step, Map<String, Column> columns, String fingerprint) {

  public Snapshot {
    columns = Map.copyOf(columns);
  }

  /** The snapshot of a state. */
  public static <S> Snapshot take(String minimizer, long step, StateCodec<S> codec, S state) {
    Map<String, Column> columns = codec.encode(state);
    return new Snapshot(minimizer, step, columns, fingerprint(minimizer, step, columns));
  }

  /** Whether the fingerprint is that of the content: false for a file that was damaged. */
  public boolean intact() {
    return fingerprint.equals(fingerprint(minimizer, step, columns));
  }

  /**
   * The state.
   *
   * @throws IllegalArgumentException when it is not intact, or was made by another minimizer
   */
  public <S> S restore(String by, StateCodec<S> codec) {
    if (!intact()) {
      throw new IllegalArgumentException(
          "the snapshot of step " + step + " is damaged: its fingerprint is not " + fingerprint);
    }
    if (!minimizer.equals(by)) {
      throw new IllegalArgumentException(
          "the snapshot of step " + step + " was made by " + minimizer + ", not by " + by);
    }
    return codec.decode(columns);
  }

  private static String fingerprint(String minimizer, long step, Map<String, Column> columns) {
    Digest digest = new Digest();
    digest.text(minimizer);
    digest.number(step);
    new TreeMap<>(columns)
        .forEach(
            (name, column) -> {
              digest.text(name);
              digest.column(column);
            });
    return digest.hex();
  }

  /** Each value with its length or kind before it, so that no two contents feed the same bytes. */
  private static final class Digest {
    private final MessageDigest sha256;
    private final ByteBuffer buffer =
        ByteBuffer.wrap(new byte[1 << 13]).order(ByteOrder.LITTLE_ENDIAN);

    Digest() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    void column(Column column) {
      number(column.size());
      if (column instanceof Column.Longs longs) {
        number('l');
        for (long value : longs.values()) {
          number(value);
        }
      } else if (column instanceof Column.Doubles doubles) {
        number('d');
        for (double value : doubles.values()) {
          number(Double.doubleToRawLongBits(value));
        }
      } else if (column instanceof Column.Texts texts) {
        number('t');
        texts.values().forEach(this::text);
      }
    }

    void text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      flush();
      sha256.update(bytes);
    }

    void number(long value) {
      if (buffer.remaining() < Long.BYTES) {
        flush();
      }
      buffer.putLong(value);
    }

    private void flush() {
      sha256.update(buffer.flip());
      buffer.clear();
    }

    String hex() {
      flush();
      return HexFormat.of().formatHex(sha256.digest());
    }
  }
}
