package dev.talweg.jobs.breeze;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$;
import breeze.optimize.DiffFunction;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.Objective;
import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/**
 * The bridge: an objective as a {@code DiffFunction} of Breeze, and back.
 *
 * <p>A Breeze {@code DenseVector[Double]} is a {@code DenseVector<Object>} to Java. Vectors are
 * copied at the border, so neither side sees the other write.
 */
public final class Breeze {
  private static final MethodHandle MAKER = maker();

  private Breeze() {}

  /** An objective for Breeze's minimizers: each call is one evaluation. */
  public static DiffFunction<DenseVector<Object>> function(Objective objective) {
    try {
      @SuppressWarnings("unchecked") // of vectors, by its calculate
      var function = (DiffFunction<DenseVector<Object>>) MAKER.invoke(new Calculation(objective));
      return function;
    } catch (Throwable e) {
      throw new IllegalStateException("a lambda is made without fail", e);
    }
  }

  /** A function of Breeze for our minimizers. */
  public static Objective objective(DiffFunction<DenseVector<Object>> function, int dimension) {
    return new FunctionObjective(function, dimension);
  }

  /** A vector of Breeze with a copy of these numbers. */
  public static DenseVector<Object> vector(double[] values) {
    return DenseVector$.MODULE$.apply$mDc$sp(values.clone());
  }

  /** A copy of a vector's numbers, whatever its stride. */
  public static double[] array(DenseVector<Object> vector) {
    return vector.toArray$mcD$sp(ClassTag$.MODULE$.Double()).clone();
  }

  /** {@code calculate} of a DiffFunction over an objective. */
  private record Calculation(Objective objective) {
    @SuppressWarnings("UnusedMethod") // its handle is looked up by name
    Tuple2<Object, DenseVector<Object>> at(DenseVector<Object> x) {
      Evaluation evaluation = objective.evaluate(array(x));
      return new Tuple2<>(evaluation.value(), vector(evaluation.gradient()));
    }
  }

  /**
   * Makes a {@code DiffFunction} of {@link Calculation#at}, as the Scala compiler does for a
   * lambda. A Java class cannot implement the trait: it inherits {@code double apply(T)} and {@code
   * Object apply(T)}, which Java takes for a contradiction.
   */
  private static MethodHandle maker() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodType at = MethodType.methodType(Tuple2.class, DenseVector.class);
      return LambdaMetafactory.metafactory(
              lookup,
              "calculate",
              MethodType.methodType(DiffFunction.class, Calculation.class),
              MethodType.methodType(Tuple2.class, Object.class),
              lookup.findVirtual(Calculation.class, "at", at),
              at)
          .getTarget();
    } catch (LambdaConversionException | ReflectiveOperationException e) {
      throw new IllegalStateException("Breeze's DiffFunction has another shape", e);
    }
  }

  /** Breeze's as ours. */
  private record FunctionObjective(DiffFunction<DenseVector<Object>> function, int dimension)
      implements Objective {
    @Override
    public Evaluation evaluate(double[] parameters) {
      Tuple2<Object, DenseVector<Object>> found = function.calculate(vector(parameters));
      return new Evaluation((Double) found._1(), array(found._2()));
    }
  }
}
