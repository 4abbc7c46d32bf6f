package dev.talweg.optimizer.naming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "layer-1.*, layer-1.weights, true",
    "layer-1.*, layer-10.weights, false",
    "*.weights, layer-1.input-weights, false",
    "*weights, layer-1.input-weights, true",
    "pay_?, pay_1, true",
    "pay_?, pay_12, false",
    "a*b*c, a1b2b3c, true",
    "a*b*c, a1b2b3, false",
    "pixels[3], pixels[3], true",
    "'{a,b}*', ab, false",
    "a/*, a/b/c, true",
    "*, '', true",
    "?, 𝄞, true"
  })
  void aStarIsAnyTextAndTheRestIsLiteral(String glob, String name, boolean expected) {
    assertEquals(expected, new Glob(glob).matches(name));
  }

  /** The regular expression that says the same. */
  @Property(tries = 2000)
  void itMatchesAsTheRegularExpressionDoes(
      @ForAll @Chars({'a', 'b', '*', '?'}) @StringLength(max = 7) String glob,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 8) String name) {
    String expression =
        glob.chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote("" + (char) c))
            .collect(Collectors.joining());
    assertEquals(Pattern.matches(expression, name), new Glob(glob).matches(name));
  }

  /**
   * Whether some rest would do is whether a star is reached, or the rest has as many characters.
   */
  @Property(tries = 2000)
  void aBeginningOfANameThatMatchesMayBegin(
      @ForAll @Chars({'a', 'b', '*', '?'}) @StringLength(max = 7) String glob,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 8) String name) {
    if (new Glob(glob).matches(name)) {
      for (int end = 0; end <= name.length(); end++) {
        assertTrue(new Glob(glob).mayBegin(name.substring(0, end)));
      }
    }
  }

  @Test
  void aBeginningThatNoNameCanHaveIsNone() {
    assertTrue(new Glob("pay_*").mayBegin("pa"));
    assertFalse(new Glob("pay_*").mayBegin("pb"));
    assertFalse(new Glob("pay").mayBegin("pay_"));
  }
}
