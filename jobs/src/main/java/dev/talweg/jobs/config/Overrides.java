package dev.talweg.jobs.config;

import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Field;
import dev.talweg.jobs.config.Value.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replaces values of a configuration by those of {@code --set path=YAML}. */
final class Overrides {
  private final Problems problems;

  Overrides(Problems problems) {
    this.problems = problems;
  }

  Block apply(Block file, List<String> sets) {
    Block result = file;
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals <= 0) {
        problems.add(
            Origin.whole("--set " + (Secrets.isSecret(set) ? Secrets.MASK : set)),
            "",
            "no value; write --set path=value, such as --set penalty.l2=1e-3");
        continue;
      }
      String path = set.substring(0, equals).strip();
      Origin origin = Origin.whole("--set " + path);
      Value value =
          YamlTree.ofOption(origin.source(), set.substring(equals + 1), problems)
              .orElse(new Scalar("", false, origin));
      result = with(result, "", path, new Field(origin, value));
    }
    return result;
  }

  private Block with(Block block, String above, String path, Field field) {
    Map<String, Field> fields = new LinkedHashMap<>(block.fields());
    int dot = path.indexOf('.');
    if (dot < 0) {
      fields.put(path, field);
      return new Block(fields, block.origin());
    }
    String name = path.substring(0, dot);
    String here = above.isEmpty() ? name : above + "." + name;
    Field before = fields.get(name);
    Block below = asBlock(here, before, field.key());
    fields.put(
        name,
        new Field(
            before == null ? field.key() : before.key(),
            with(below, here, path.substring(dot + 1), field)));
    return new Block(fields, block.origin());
  }

  /** What is written at a path as a block: {@code model: logistic} becomes {kind: logistic}. */
  private Block asBlock(String path, @Nullable Field field, Origin origin) {
    if (field == null || field.value().isNull()) {
      return new Block(Map.of(), origin);
    }
    if (field.value() instanceof Block block) {
      return block;
    }
    String shorthand = Schema.SHORTHANDS.get(path);
    if (shorthand == null) {
      problems.add(
          origin,
          "",
          path + " is " + field.value().found() + " in the file, no block that has further keys");
      return new Block(Map.of(), origin);
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    fields.put(shorthand, field);
    return new Block(fields, field.value().origin());
  }
}
