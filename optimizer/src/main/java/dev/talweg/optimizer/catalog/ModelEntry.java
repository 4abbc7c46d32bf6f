package dev.talweg.optimizer.catalog;

import java.util.List;

/**
 * A kind of model that a configuration can ask for.
 *
 * @param summary one line: what it is
 * @param reference equation or paper
 * @param losses it can be trained with, its own first
 * @param parameters beside those of the loss
 */
public record ModelEntry(
    String name,
    String summary,
    String reference,
    List<String> losses,
    List<Parameter> parameters) {

  /** A kind of model that has no parameters but those of its loss. */
  public ModelEntry(String name, String summary, String reference, List<String> losses) {
    this(name, summary, reference, losses, List.of());
  }
}
