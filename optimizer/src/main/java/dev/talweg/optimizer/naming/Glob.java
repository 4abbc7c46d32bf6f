package dev.talweg.optimizer.naming;

import java.io.Serializable;
import java.util.BitSet;

/**
 * A name in which {@code *} stands for any text, none included, and {@code ?} for one character;
 * the rest is literal, so names of columns with brackets or slashes can be written as they are.
 *
 * <p>Of the beginning of a name it tells whether any rest would do.
 */
public record Glob(String text) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Whether it can stand for other names than itself. */
  public boolean isPattern() {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /**
   * Whether it stands for this name: the last star takes as little as it can, and one more
   * character each time the rest does not fit, without memory, since features are many.
   */
  public boolean matches(String name) {
    int at = 0;
    int p = 0;
    int star = -1;
    int taken = 0; // of the name, by all before the last star and the star
    while (at < name.length()) {
      int c = name.codePointAt(at);
      if (p < text.length() && text.charAt(p) == '*') {
        star = p++;
        taken = at;
      } else if (p < text.length() && (text.charAt(p) == '?' || text.codePointAt(p) == c)) {
        p += Character.charCount(text.codePointAt(p));
        at += Character.charCount(c);
      } else if (star >= 0) {
        taken += Character.charCount(name.codePointAt(taken));
        at = taken;
        p = star + 1;
      } else {
        return false;
      }
    }
    while (p < text.length() && text.charAt(p) == '*') {
      p++;
    }
    return p == text.length();
  }

  /** Whether it stands for some name that begins so. */
  public boolean mayBegin(String beginning) {
    return !after(beginning).isEmpty();
  }

  /** Where in the glob one may be after a text. */
  private BitSet after(String name) {
    int[] pattern = text.codePoints().toArray();
    BitSet at = new BitSet();
    at.set(0);
    skipStars(pattern, at);
    for (int c : name.codePoints().toArray()) {
      BitSet next = new BitSet();
      for (int p = at.nextSetBit(0); p >= 0 && p < pattern.length; p = at.nextSetBit(p + 1)) {
        if (pattern[p] == '*') {
          next.set(p);
        } else if (pattern[p] == '?' || pattern[p] == c) {
          next.set(p + 1);
        }
      }
      skipStars(pattern, next);
      at = next;
    }
    return at;
  }

  /** A star may stand for no text. */
  private static void skipStars(int[] pattern, BitSet at) {
    for (int p = 0; p < pattern.length; p++) {
      if (at.get(p) && pattern[p] == '*') {
        at.set(p + 1);
      }
    }
  }
}
