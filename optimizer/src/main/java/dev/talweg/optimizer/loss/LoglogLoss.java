package dev.talweg.optimizer.loss;

/**
 * The negative log likelihood of a class y in {0, 1} with the log-log link, of Gumbel's
 * distribution: the probability of class 1 is exp(−e⁻ᶻ), that of no event at a rate of e⁻ᶻ. It is
 * {@link CloglogLoss} of the other class at −z.
 */
public record LoglogLoss() implements RowLoss {
  private static final long serialVersionUID = 1L;
  private static final CloglogLoss MIRRORED = new CloglogLoss();

  @Override
  public String name() {
    return "loglog";
  }

  @Override
  public double at(double margin, double label) {
    return MIRRORED.at(-margin, 1 - label);
  }

  @Override
  public double slope(double margin, double label) {
    return -MIRRORED.slope(-margin, 1 - label);
  }

  @Override
  public double curvature(double margin, double label) {
    return MIRRORED.curvature(-margin, 1 - label);
  }

  @Override
  public double conjugate(double multiplier, double label) {
    return MIRRORED.conjugate(-multiplier, 1 - label);
  }

  @Override
  public double prior(double meanLabel) {
    return -StrictMath.log(-StrictMath.log(ClassLoss.inside(meanLabel)));
  }

  @Override
  public double predict(double margin) {
    return MIRRORED.complement(-margin);
  }

  @Override
  public double complement(double margin) {
    return MIRRORED.predict(-margin);
  }

  @Override
  public boolean classifies() {
    return true;
  }
}
