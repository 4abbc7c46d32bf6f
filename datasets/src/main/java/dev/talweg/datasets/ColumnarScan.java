package dev.talweg.datasets;

import dev.talweg.datasets.parquet.DriverFooter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Columns as Spark's vectorized readers of Parquet and ORC hold them, before they are made rows.
 *
 * <p>A query that only picks columns ends in a scan that gives batches of columns; Spark then
 * copies every value into a row. Reading the batches spares that copy, and shows what a row hides:
 * that equal texts of a file have equal numbers in the file's own dictionary ({@link FileLevels}).
 */
final class ColumnarScan {
  private final SparkPlan scan;
  private final int[] order; // of the scan's columns, those that are wanted

  private ColumnarScan(SparkPlan scan, int[] order) {
    this.scan = scan;
    this.order = order;
  }

  /**
   * The scan behind a plan; empty where the plan does more than pick columns, or its scan gives
   * rows only.
   */
  static Optional<ColumnarScan> of(SparkPlan executed) {
    List<ExprId> wanted = new ArrayList<>();
    CollectionConverters.asJava(executed.output()).forEach(a -> wanted.add(a.exprId()));
    SparkPlan plan = below(executed, project -> renames(project, wanted));
    if (!plan.supportsColumnar() || !plan.children().isEmpty()) {
      return Optional.empty();
    }
    List<ExprId> given = new ArrayList<>();
    for (Attribute attribute : CollectionConverters.asJava(plan.output())) {
      given.add(attribute.exprId());
    }
    int[] order = wanted.stream().mapToInt(given::indexOf).toArray();
    for (int at : order) {
      if (at < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(new ColumnarScan(plan, order));
  }

  /** The batches, with the plan's columns in its order and its partitions. */
  JavaRDD<ColumnarBatch> batches() {
    int[] picked = order;
    return scan.executeColumnar().toJavaRDD().map(batch -> picked(batch, picked));
  }

  /** What is below the projections that may be passed, and what Spark puts between plans. */
  private static SparkPlan below(SparkPlan executed, Predicate<ProjectExec> passed) {
    SparkPlan plan = executed;
    while (plan instanceof WholeStageCodegenExec
        || plan instanceof InputAdapter
        || plan instanceof ColumnarToRowExec
        || (plan instanceof ProjectExec project && passed.test(project))) {
      plan = plan.children().apply(0);
    }
    return plan;
  }

  /**
   * A column as files of Spark's own Parquet have it.
   *
   * @param name in the files
   */
  record InParquet(String name, HadoopFsRelation files) {}

  /**
   * What a column of a plan is in files; empty unless each of their rows is a row of the plan, and
   * has the column as it is.
   */
  static Optional<InParquet> inParquet(SparkPlan executed, int ordinal) {
    List<ExprId> wanted = new ArrayList<>(List.of(executed.output().apply(ordinal).exprId()));
    if (below(executed, project -> renames(project, wanted)) instanceof FileSourceScanExec scan
        && DriverFooter.readsAsSpark(scan.relation().fileFormat())) {
      return CollectionConverters.asJava(scan.output()).stream()
          .filter(attribute -> attribute.exprId().equals(wanted.get(0)))
          .filter(attribute -> !attribute.metadata().contains("EXISTS_DEFAULT"))
          .map(attribute -> new InParquet(attribute.name(), scan.relation()))
          .findFirst();
    }
    return Optional.empty();
  }

  /** Whether a plan reads rows of these files, one by one, and only computes on them. */
  static boolean reads(SparkPlan executed, HadoopFsRelation files) {
    return below(executed, project -> true) instanceof FileSourceScanExec scan
        && scan.relation().equals(files);
  }

  /**
   * Replaces what is wanted of a projection by what it is in the projection's child; false where it
   * computes any of that.
   */
  private static boolean renames(ProjectExec project, List<ExprId> wanted) {
    Map<ExprId, ExprId> source = new HashMap<>();
    for (NamedExpression expression : CollectionConverters.asJava(project.projectList())) {
      if (expression instanceof Alias alias && alias.child() instanceof AttributeReference child) {
        source.put(alias.exprId(), child.exprId());
      } else if (expression instanceof AttributeReference same) {
        source.put(same.exprId(), same.exprId());
      }
    }
    if (!source.keySet().containsAll(wanted)) {
      return false;
    }
    wanted.replaceAll(source::get);
    return true;
  }

  private static ColumnarBatch picked(ColumnarBatch batch, int[] order) {
    ColumnVector[] columns = new ColumnVector[order.length];
    for (int k = 0; k < order.length; k++) {
      columns[k] = batch.column(order[k]);
    }
    return new ColumnarBatch(columns, batch.numRows());
  }
}
