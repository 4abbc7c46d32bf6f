/** Prints the JVM's module flags that this version of Spark wants; run as a single source file. */
final class ModuleOptions {
  public static void main(String[] arguments) throws ReflectiveOperationException {
    System.out.println(
        Class.forName("org.apache.spark.launcher.JavaModuleOptions")
            .getMethod("defaultModuleOptions")
            .invoke(null));
  }
}
