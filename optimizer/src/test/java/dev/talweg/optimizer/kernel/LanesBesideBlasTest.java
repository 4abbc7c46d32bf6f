package dev.talweg.optimizer.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Lanes stay in registers where {@code spark.ml}'s BLAS, which has lanes too, ran in the same JVM
 * before. Both go through the JDK's methods, and what classes of vectors these have met decides how
 * C2 compiles them: of two classes it makes objects.
 */
@EnabledIfSystemProperty(
    named = KernelProvider.PROPERTY,
    matches = "vector",
    disabledReason = "only lanes can become objects")
@DisabledIfSystemProperty(
    named = "talweg.kernels.bits",
    matches = ".+",
    disabledReason = "another width is another class, and slow by design")
class LanesBesideBlasTest {
  private static final int SIZE = 64;
  private static final int CALLS = 20_000;

  @Test
  void aLoopInLanesMakesNoObjectsAfterTheBlasOfSpark() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Xbatch", // what is to be compiled is, before it goes on
                "-Dtalweg.kernels=vector",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, child.waitFor(), said);
    String[] words = said.substring(said.lastIndexOf('\n') + 1).split(" ", -1); // it logs
    assertEquals("VectorBLAS", words[0]);
    long bytes = Long.parseLong(words[1]);
    // 1000 calls of more than a thousand operations each; one object a call would be 16,000 bytes
    assertTrue(bytes < 16_000, bytes + " bytes");
  }

  /** In a JVM of its own: first that BLAS, then ours, until both are compiled. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      BLAS blas = JavaBLAS.getInstance();
      double[] x = new double[SIZE * SIZE];
      double[] y = new double[SIZE * SIZE];
      Arrays.fill(x, 0.5);
      double sum = 0;
      for (int k = 0; k < CALLS; k++) {
        sum += blas.ddot(SIZE, x, 1, y, 1);
        blas.daxpy(SIZE, 1e-9, x, 1, y, 1);
        blas.dgemv("T", SIZE, SIZE, 1e-9, x, SIZE, y, 1, 0, y, 1);
      }
      int[] starts = {0, SIZE};
      int[] indices = new int[SIZE];
      Arrays.setAll(indices, k -> k);
      float[] values = new float[SIZE];
      Arrays.fill(values, 1e-3f);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long thread = Thread.currentThread().getId();
      long before = 0;
      for (int k = 0; k < CALLS; k++) {
        before = k == CALLS - 1000 ? threads.getThreadAllocatedBytes(thread) : before;
        Kernels.addRows(starts, indices, values, 0, 1, x, SIZE, y);
        Kernels.addRowsTransposed(starts, indices, values, 0, 1, y, SIZE, x);
        sum += y[0];
      }
      long bytes = threads.getThreadAllocatedBytes(thread) - before;
      System.out.println(blas.getClass().getSimpleName() + " " + bytes + " " + sum);
    }
  }
}
