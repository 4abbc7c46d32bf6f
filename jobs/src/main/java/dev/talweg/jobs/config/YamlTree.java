package dev.talweg.jobs.config;

import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Field;
import dev.talweg.jobs.config.Value.Items;
import dev.talweg.jobs.config.Value.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** From YAML text to {@link Value}s, through the parser's nodes since those have places. */
final class YamlTree {
  private final String source;
  private final boolean lines;
  private final Problems problems;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlTree(String source, boolean lines, Problems problems) {
    this.source = source;
    this.lines = lines;
    this.problems = problems;
  }

  /** The text of a file; empty when it holds nothing, or is no YAML (a problem). */
  static Optional<Value> ofFile(String source, String text, Problems problems) {
    return new YamlTree(source, true, problems).parse(text);
  }

  /** The text of an option of the command line, which has no lines. */
  static Optional<Value> ofOption(String source, String text, Problems problems) {
    return new YamlTree(source, false, problems).parse(text);
  }

  private Optional<Value> parse(String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(source).setUseMarks(true).build();
    try {
      return new Compose(settings).composeString(text).map(node -> value(node, ""));
    } catch (MarkedYamlEngineException e) {
      Origin origin = origin(e.getProblemMark());
      String place = lines ? "column " + origin.column() + ": " : "";
      problems.add(origin, "", "no valid YAML: " + place + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(Origin.whole(source), "", "no valid YAML: " + firstLine(e));
    }
    return Optional.empty();
  }

  private static String firstLine(YamlEngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private Value value(Node node, String path) {
    Origin origin = origin(node.getStartMark());
    if (node instanceof ScalarNode scalar) {
      boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
      return new Scalar(scalar.getValue(), quoted, origin);
    }
    if (!open.add(node)) {
      problems.add(origin, path, "an anchor that contains itself is not allowed");
      return new Scalar("", false, origin);
    }
    Value value =
        node instanceof SequenceNode sequence
            ? items(sequence, path, origin)
            : block((MappingNode) node, path, origin);
    open.remove(node);
    return value;
  }

  private Items items(SequenceNode node, String path, Origin origin) {
    List<Value> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      items.add(value(item, path));
    }
    return new Items(items, origin);
  }

  private Block block(MappingNode node, String path, Origin origin) {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Origin key = origin(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        problems.add(key, path, "a key is a word, found a list or block as key");
        continue;
      }
      String name = scalar.getValue();
      String below = path.isEmpty() ? name : path + "." + name;
      Field field = new Field(key, value(tuple.getValueNode(), below));
      Field before = fields.putIfAbsent(name, field);
      if (before != null) {
        problems.add(key, below, "written twice, the first time in line " + before.key().line());
      }
    }
    return new Block(fields, origin);
  }

  private Origin origin(Optional<Mark> mark) {
    if (!lines || mark.isEmpty()) {
      return Origin.whole(source);
    }
    return new Origin(source, mark.get().getLine() + 1, mark.get().getColumn() + 1);
  }
}
