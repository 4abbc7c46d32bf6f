/** Prints the JVM's module flags that this version of Spark wants; run as a single source file. */
final class ModuleOptions {
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Object options =
        Class.forName("org.apache.spark.launcher.JavaModuleOptions")
            .getMethod("defaultModuleOptions")
            .invoke(null);
    // the JVM warns of the incubating module: scripts/talweg asks for it where it is of use
    System.out.println(options.toString().replace("--add-modules=jdk.incubator.vector", ""));
  }
}
