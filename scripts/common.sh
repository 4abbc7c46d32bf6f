# shellcheck shell=bash
# Sourced by the launchers: what is here (JDK, Maven, disk), and the build that happens once.
# Works with the bash 3.2 of macOS: no mapfile, no associative arrays.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jar=$root/jobs/target/talweg.jar
classpath_file=$root/jobs/target/classpath.txt
options_file=$root/jobs/target/java-options.txt
stamp_file=$root/jobs/target/build.stamp
archive_file=$root/jobs/target/talweg.jsa

say() { printf '%s\n' "$*" >&2; }

# The one clear sentence, and exit code 1: something is missing here; the user's input is code 2.
die() {
  say "talweg: $*"
  exit 1
}

# Sets java_command; JAVA_HOME wins over PATH, as it does for Spark and Maven.
require_jdk() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    java_command=$JAVA_HOME/bin/java
    [[ -x $java_command ]] || die "JAVA_HOME is $JAVA_HOME, and there is no bin/java in it; point it at a JDK 17 or 21."
  else
    java_command=$(command -v java) || die "no java on PATH; install a JDK 17 (or 21), or set JAVA_HOME."
  fi
  local version major
  version=$("$java_command" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
  major=${version%%.*}
  case $major in
    17 | 21) ;;
    *) die "Java ${version:-of an unknown version} at $java_command; Talweg and Spark 4.1 run on JDK 17 or 21: set JAVA_HOME to one." ;;
  esac
}

require_compiler() {
  "$java_command" --list-modules | grep -q '^jdk.compiler@' ||
    die "the Java at $java_command is a run-time without compiler; building needs a JDK (on Debian: openjdk-17-jdk-headless)."
}

require_maven() {
  command -v mvn > /dev/null || die "no mvn on PATH; install Maven 3.8 or later to build Talweg."
}

# require_disk DIRECTORY MEGABYTES: free space where DIRECTORY is or will be.
require_disk() {
  local place=$1 free
  while [[ ! -e $place ]]; do place=$(dirname "$place"); done
  [[ -w $place ]] || die "cannot write to $place; change its permissions or work from a copy elsewhere."
  free=$(($(df -Pk "$place" | awk 'NR == 2 { print $4 }') / 1024))
  ((free >= $2)) || die "$free MB free at $place, $2 MB needed; make room and try again."
}

# What the build depends on, by content: a touched file, a branch there and back or a clone elsewhere build nothing.
stamp() {
  (cd "$root" && find pom.xml .mvn ./*/pom.xml ./*/src/main jobs/src/connect scripts/ModuleOptions.java -type f -not -path '*/src/main/python/*' -print0 |
    LC_ALL=C sort -z | xargs -0 cksum | cksum)
}

# All jars that the class path names are still in Maven's cache.
classpath_is_whole() {
  local entry entries
  IFS=: read -r -a entries < "$classpath_file" || true
  for entry in "${entries[@]}"; do
    [[ -e $entry ]] || return 1
  done
}

is_built() {
  [[ -s $jar && -s $classpath_file && -s $options_file && -s $stamp_file ]] &&
    [[ $(< "$stamp_file") == "$(stamp)" ]] && classpath_is_whole
}

# maven PHASE-OR-GOAL…: its output goes to a log; the modules are said as they come, and on failure its errors.
maven() {
  local log=$root/target/build.log
  mkdir -p "$root/target"
  if ! mvn -B -ntp -f "$root/pom.xml" "$@" < /dev/null > "$log" 2>&1; then
    grep -E '^\[ERROR\]' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
    if grep -qi 'no space left' "$log"; then die "the disk is full; make room and try again."; fi
    die "the build failed; its whole output is in $log."
  fi
}

# Builds jar, class path and JVM options unless they are those of the sources here.
build_once() {
  require_jdk
  if [[ ${TALWEG_BUILD:-} == never ]]; then
    [[ -s $jar && -s $classpath_file ]] || die "TALWEG_BUILD=never, and $jar is not built."
  elif ! is_built; then
    require_compiler
    require_maven
    require_disk "$root" 200
    if [[ -d ${HOME:-/}/.m2/repository/org/apache/spark ]]; then
      say "Building Talweg, once."
    else
      require_disk "${HOME:-/}/.m2" 600
      say "Building Talweg, once; the first time Maven also fetches Spark (some 360 MB), which takes minutes."
    fi
    local began=$SECONDS
    rm -f "$stamp_file" "$options_file" "$archive_file"
    maven -Dmaven.test.skip=true package
    say "Built in $((SECONDS - began)) s."
  fi
  if [[ ! -s $options_file ]]; then write_java_options; fi
  if [[ ${TALWEG_BUILD:-} != never ]]; then stamp > "$stamp_file"; fi
}

# Spark's own list of module flags, asked from the Spark that will run.
write_java_options() {
  local launcher
  launcher=$(tr ':' '\n' < "$classpath_file" | grep '/spark-launcher_') || die "no spark-launcher in $classpath_file; delete jobs/target and try again."
  "$java_command" -cp "$launcher" "$root/scripts/ModuleOptions.java" > "$options_file" ||
    die "Spark's launcher did not name its JVM options; delete jobs/target and try again."
}

# python_environment NAME MEGABYTES PACKAGE…: a virtual environment outside of the repository, made once; sets environment.
python_environment() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/talweg megabytes=$2
  environment=$cache/$1
  shift 2
  [[ ! -e $environment/complete ]] || return 0
  command -v python3 > /dev/null || die "no python3 on PATH; these are packages of Python: $*."
  require_disk "$cache" "$megabytes"
  say "fetching $* into $environment, once"
  rm -rf "$environment"
  mkdir -p "$cache"
  python3 -m venv "$environment" || die "python3 cannot make a virtual environment; install its venv module (on Debian: python3-venv)."
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir "$@" ||
    die "pip could not install $*; see its message above."
  touch "$environment/complete"
}

# Sets TALWEG_SPARK_HOME: the distribution that has spark-submit, unless it is set.
provide_spark_submit() {
  local spark_version
  spark_version=$(sed -n 's/.*<spark.version>\(.*\)<\/spark.version>.*/\1/p' "$root/pom.xml")
  if [[ -n ${TALWEG_SPARK_HOME:-} ]]; then
    [[ -x $TALWEG_SPARK_HOME/bin/spark-submit ]] || die "TALWEG_SPARK_HOME is $TALWEG_SPARK_HOME, and there is no bin/spark-submit in it."
  else
    # of 455 MB
    python_environment "pyspark-$spark_version" 1500 "pyspark==$spark_version"
    TALWEG_SPARK_HOME=$("$environment/bin/python" -c 'import pyspark; print(pyspark.__path__[0])')
  fi
  export TALWEG_SPARK_HOME
  say "spark-submit of $TALWEG_SPARK_HOME"
}
