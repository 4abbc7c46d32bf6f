package dev.talweg.optimizer.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.state.Column.Doubles;
import dev.talweg.optimizer.state.Column.Longs;
import dev.talweg.optimizer.state.Column.Texts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  record Pair(double[] step, double[] change) {}

  record Inner(long count, double[] values) {}

  record Everything(
      long number,
      int small,
      boolean flag,
      double real,
      String text,
      long[] longs,
      int[] ints,
      double[] reals,
      Inner inner,
      List<Pair> pairs) {}

  record Scalars(long number, int small, boolean flag, double real, String text) {}

  record Open(List<Record> parts, Record rest) {}

  record Positive(long value) {
    Positive {
      if (value < 1) {
        throw new IllegalArgumentException("value " + value + " is not positive");
      }
    }
  }

  record Unsupported(float value) {}

  /** Doubles by their bits: all NaN payloads, −0.0, infinities, subnormals. */
  private static Arbitrary<Double> anyBits() {
    return Arbitraries.longs()
        .edgeCases(
            edges ->
                edges.add(
                    0x7ff8000000000000L,
                    0x7ff0000000000001L,
                    0xfff123456789abcdL,
                    0x8000000000000000L,
                    0x7ff0000000000000L,
                    0xfff0000000000000L,
                    1L,
                    0L))
        .map(Double::longBitsToDouble);
  }

  private static Arbitrary<double[]> reals() {
    return anyBits().array(double[].class).ofMaxSize(5);
  }

  @Provide
  Arbitrary<Everything> everything() {
    Arbitrary<Inner> inner = Combinators.combine(Arbitraries.longs(), reals()).as(Inner::new);
    Arbitrary<List<Pair>> pairs =
        Combinators.combine(reals(), reals()).as(Pair::new).list().ofMaxSize(3);
    Arbitrary<Scalars> scalars =
        Combinators.combine(
                Arbitraries.longs(),
                Arbitraries.integers(),
                Arbitraries.of(true, false),
                anyBits(),
                Arbitraries.strings().ofMaxLength(6))
            .as(Scalars::new);
    return Combinators.combine(
            scalars,
            Arbitraries.longs().array(long[].class).ofMaxSize(4),
            Arbitraries.integers().array(int[].class).ofMaxSize(4),
            reals(),
            inner,
            pairs)
        .as(
            (s, l, i, d, n, p) ->
                new Everything(s.number, s.small, s.flag, s.real, s.text, l, i, d, n, p));
  }

  @Property
  void everyStateComesBackWithAllItsBits(@ForAll("everything") Everything state) {
    StateCodec<Everything> codec = StateCodec.of(Everything.class);
    Map<String, Column> columns = codec.encode(state);
    Everything back = codec.decode(columns);
    assertEquals(state.number, back.number);
    assertEquals(state.small, back.small);
    assertEquals(state.flag, back.flag);
    assertEquals(Double.doubleToRawLongBits(state.real), Double.doubleToRawLongBits(back.real));
    assertEquals(state.text, back.text);
    assertArrayEquals(state.longs, back.longs);
    assertArrayEquals(state.ints, back.ints);
    assertBits(state.reals, back.reals);
    assertEquals(state.inner.count, back.inner.count);
    assertBits(state.inner.values, back.inner.values);
    assertEquals(state.pairs.size(), back.pairs.size());
    for (int k = 0; k < state.pairs.size(); k++) {
      assertBits(state.pairs.get(k).step, back.pairs.get(k).step);
      assertBits(state.pairs.get(k).change, back.pairs.get(k).change);
    }
    assertEquals(columns, codec.encode(back));
  }

  private static void assertBits(double[] expected, double[] actual) {
    assertEquals(new Doubles(expected), new Doubles(actual));
  }

  @Test
  void aNanKeepsItsPayload() {
    double odd = Double.longBitsToDouble(0x7ff8000000000abcL);
    StateCodec<Inner> codec = StateCodec.of(Inner.class);
    Inner back = codec.decode(codec.encode(new Inner(0, new double[] {odd, -0.0})));
    assertEquals(0x7ff8000000000abcL, Double.doubleToRawLongBits(back.values[0]));
    assertEquals(Long.MIN_VALUE, Double.doubleToRawLongBits(back.values[1]));
  }

  @Test
  void columnsAreNamedByTheirPath() {
    Everything state =
        new Everything(
            1,
            2,
            true,
            0.5,
            "t",
            new long[] {3},
            new int[0],
            new double[] {4, 5},
            new Inner(6, new double[0]),
            List.of(new Pair(new double[] {7}, new double[] {8})));
    Map<String, Column> expected = new LinkedHashMap<>();
    expected.put("number", new Longs(new long[] {1}));
    expected.put("small", new Longs(new long[] {2}));
    expected.put("flag", new Longs(new long[] {1}));
    expected.put("real", new Doubles(new double[] {0.5}));
    expected.put("text", new Texts(List.of("t")));
    expected.put("longs", new Longs(new long[] {3}));
    expected.put("ints", new Longs(new long[0]));
    expected.put("reals", new Doubles(new double[] {4, 5}));
    expected.put("inner.count", new Longs(new long[] {6}));
    expected.put("inner.values", new Doubles(new double[0]));
    expected.put("pairs.size", new Longs(new long[] {1}));
    expected.put("pairs.0.step", new Doubles(new double[] {7}));
    expected.put("pairs.0.change", new Doubles(new double[] {8}));
    assertEquals(expected, StateCodec.of(Everything.class).encode(state));
  }

  @Test
  void storedArraysAreCopies() {
    double[] values = {1, 2};
    StateCodec<Inner> codec = StateCodec.of(Inner.class);
    Map<String, Column> columns = codec.encode(new Inner(0, values));
    values[0] = 9;
    Inner back = codec.decode(columns);
    assertEquals(1, back.values[0]);
    assertNotSame(back.values, codec.decode(columns).values);
  }

  @Test
  void unlikePartsTakeTheirTypesFromAPrototype() {
    Open prototype =
        new Open(List.of(new Inner(0, new double[0]), new Positive(1)), new Positive(1));
    StateCodec<Open> codec = StateCodec.like(prototype);
    Open state =
        new Open(List.of(new Inner(3, new double[] {1, 2}), new Positive(4)), new Positive(5));
    Open back = codec.decode(codec.encode(state));
    assertArrayEquals(new double[] {1, 2}, ((Inner) back.parts.get(0)).values);
    assertEquals(new Positive(4), back.parts.get(1));
    assertEquals(new Positive(5), back.rest);
    assertThrows(
        IllegalArgumentException.class,
        () -> codec.encode(new Open(List.of(new Positive(1)), new Positive(1))));
    assertThrows(IllegalArgumentException.class, () -> StateCodec.of(Open.class));
  }

  @Test
  void columnsThatDoNotFitAreNamed() {
    StateCodec<Inner> codec = StateCodec.of(Inner.class);
    Column one = new Longs(new long[] {1});
    Column reals = new Doubles(new double[0]);
    assertMessage("column values is missing among [count]", codec, Map.of("count", one));
    assertMessage(
        "the state has no place for the columns [more]",
        codec,
        Map.of("count", one, "values", reals, "more", one));
    assertMessage(
        "column values does not hold doubles", codec, Map.of("count", one, "values", one));
    assertMessage(
        "column count has 2 entries where 1 is expected",
        codec,
        Map.of("count", new Longs(new long[2]), "values", reals));
    assertMessage(
        "the stored state is refused: value 0 is not positive",
        StateCodec.of(Positive.class),
        Map.of("value", new Longs(new long[] {0})));
  }

  private static void assertMessage(
      String message, StateCodec<?> codec, Map<String, Column> columns) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> codec.decode(columns)).getMessage());
  }

  @Test
  void aTypeThatCannotBeStoredIsRefusedBeforeTheRun() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> StateCodec.of(Unsupported.class));
    assertTrue(refused.toString().contains("Unsupported.value is a float"), refused.toString());
  }

  @Test
  void aSnapshotKnowsWhetherItIsIntact() {
    StateCodec<Inner> codec = StateCodec.of(Inner.class);
    Snapshot snapshot = Snapshot.take("Inner[]", 3, codec, new Inner(7, new double[] {0.0, 1}));
    assertTrue(snapshot.intact());
    assertEquals(7, snapshot.restore("Inner[]", codec).count);
    Map<String, Column> damaged = new LinkedHashMap<>(snapshot.columns());
    damaged.put("values", new Doubles(new double[] {-0.0, 1}));
    Snapshot broken = new Snapshot("Inner[]", 3, damaged, snapshot.fingerprint());
    assertFalse(broken.intact());
    assertThrows(IllegalArgumentException.class, () -> broken.restore("Inner[]", codec));
    assertThrows(IllegalArgumentException.class, () -> snapshot.restore("Other[]", codec));
    assertNotEquals(
        snapshot.fingerprint(),
        Snapshot.take("Inner[]", 4, codec, new Inner(7, new double[] {0.0, 1})).fingerprint());
  }
}
