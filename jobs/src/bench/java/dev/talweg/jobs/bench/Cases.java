package dev.talweg.jobs.bench;

import java.util.ArrayList;
import java.util.List;

/** All cases, in the order of the table. */
final class Cases {
  private Cases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(ClickCase.all());
    cases.add(new DenseCase());
    cases.add(new ColumnsCase());
    cases.add(new QuickstartCase());
    cases.add(new KddCupCase(1e-3));
    cases.add(new KddCupCase(1e-5));
    cases.add(new IngestCase());
    cases.add(new IngestVectorsCase());
    cases.add(new PassCase());
    cases.addAll(Processes.all());
    cases.add(new WidestCase());
    cases.add(InsuranceCase.poisson());
    cases.add(InsuranceCase.tweedie());
    cases.addAll(DropInCase.all());
    cases.add(new PixelsCase());
    cases.add(new MlpCase());
    cases.add(new PeersCase());
    cases.add(new StepCase());
    cases.add(new OnePassCase());
    cases.add(new MonitorCase());
    cases.add(new ScaleCase());
    return cases;
  }

  static Case named(String name) {
    return all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no case is called " + name));
  }
}
