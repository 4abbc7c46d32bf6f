package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/** Levels by their bytes, in one partition and over all. */
class DictionaryTest {
  private static final UTF8String GARBLED = UTF8String.fromBytes(new byte[] {'a', (byte) 0xE9});

  private static UTF8String text(String text) {
    return UTF8String.fromString(text);
  }

  /** Levels that so many training rows have each. */
  private static Dictionary counted(long rows, UTF8String... levels) {
    Dictionary dictionary = new Dictionary();
    for (UTF8String level : levels) {
      int[] codes = new int[(int) rows];
      int[] all = new int[codes.length];
      Arrays.fill(codes, dictionary.code(level));
      Arrays.setAll(all, k -> k);
      assertEquals(0, dictionary.count(codes, 0, all, all.length));
    }
    return dictionary;
  }

  @Test
  void levelsAreNumberedInTheOrderInWhichTheyCome() {
    Dictionary dictionary = new Dictionary();
    for (int k = 0; k < 5000; k++) {
      assertEquals(k, dictionary.code(text("level " + k)));
    }
    for (int k = 4999; k >= 0; k--) {
      assertEquals(k, dictionary.code(text("level " + k)));
      assertEquals(k, dictionary.find("level " + k));
      assertEquals("level " + k, dictionary.level(k));
      assertEquals(Dictionary.hash("level " + k), dictionary.hash(k));
    }
    assertEquals(-1, dictionary.find("level 5000"));
    assertEquals(5000, dictionary.size());
  }

  @Test
  void rowsWithoutALevelAreToldAndNotCounted() {
    Dictionary dictionary = new Dictionary();
    dictionary.code(text("a"));
    dictionary.code(text("b"));
    int[] codes = {1, -1, 1, 0, -1, 0};
    assertEquals(1, dictionary.count(codes, 1, new int[] {0, 1, 4}, 3)); // of rows 1, 2 and 5
    assertEquals(Map.of("a", 1L, "b", 1L), dictionary.counts());
  }

  @Test
  void ofSeveralPartitionsTheLevelsThatTrainingRowsHaveAreCounted() {
    Dictionary all = new Dictionary();
    Dictionary other = counted(3, text("b"), text("c"));
    other.code(text("held out"));
    all.addCounted(counted(2, text("a"), text("b")));
    all.addCounted(other);
    assertEquals(Map.of("a", 2L, "b", 5L, "c", 3L), all.counts());
  }

  @Test
  void bytesThatAreNotUtf8AreTheTextTheyAreReadAs() {
    Dictionary part = counted(2, GARBLED, text("b"));
    Dictionary all = counted(1, text("a\uFFFD"));
    all.addCounted(part);
    assertEquals(Map.of("a\uFFFD", 3L, "b", 2L), all.counts());
    assertEquals(0, all.find(part, part.code(GARBLED)));
    assertArrayEquals(
        new int[] {7, 8, -1},
        new LevelFeatures(List.of("a\uFFFD", "b"), 7).of(part),
        "a feature for each code, none for nulls");
  }

  @Test
  void unknownLevelsShareTheFeatureOfRareOnesAndNullsHaveTheirOwn() {
    Dictionary part = counted(1, text("x"), text("a"), text("y"));
    LevelFeatures known = new LevelFeatures(List.of("a", Encoding.RARE, Encoding.MISSING, "b"), 10);
    assertArrayEquals(new int[] {11, 10, 11, 12}, known.of(part));
  }

  @Test
  void ofTwoLevelsWithOneNameTheLastHasIt() {
    LevelFeatures known = new LevelFeatures(List.of("a", "b", "a", "c"), 0);
    assertArrayEquals(
        new int[] {2, 1, 3, -1}, known.of(counted(1, text("a"), text("b"), text("c"))));
  }

  @Test
  void whatIsSentIsSmallAndTheSame() {
    UTF8String[] levels = new UTF8String[1000];
    Arrays.setAll(levels, k -> text(String.format(Locale.ROOT, "%08x", k * 0x9E3779B9)));
    Dictionary sent = counted(200, levels);
    sent.code(GARBLED);
    byte[] bytes = SerializationUtils.serialize(sent);
    // 8 of a text, 1 of its length, 2 of a count of 200; some more for the class and for blocks
    assertTrue(bytes.length < 12 * 1000, bytes.length + " bytes");
    Dictionary read = SerializationUtils.deserialize(bytes);
    assertEquals(sent.counts(), read.counts());
    for (int code = 0; code < sent.size(); code++) {
      assertEquals(sent.hash(code), read.hash(code));
      assertEquals(sent.level(code), read.level(code));
    }
    assertEquals(1000, read.code(GARBLED));
    assertEquals(1001, read.code(text("new")));
  }
}
