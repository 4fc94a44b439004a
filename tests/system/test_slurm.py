#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Slurm scripts, run for real.

A Slurm of one node with its own munge is started in a folder of its own; a job with MPI and an array of
parts that is merged give the results of one plain run. Skips with a word where the daemons are missing
or cannot start.
"""

import contextlib
import getpass
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time

from program import Test
from results_contents import expect_same

SKIPPED = 77
DAEMONS = ("munged", "slurmctld", "slurmd")
CLIENTS = ("sbatch", "sinfo", "srun")
CONFIGURATION = """ClusterName=buyin
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
SlurmdParameters=config_overrides
MpiDefault=none
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
SMALL = ("site.number=2", "population.offers_per_week=2", "run.weeks=60",
         "population.arrival_weeks=50", "outcome.pathway_weeks=20", "run.replicates=5",
         "run.record=cohort")

test = Test(sys.argv)
scripts = test.source / "scripts" / "slurm"
environment = dict(os.environ, SLURM_CONF=str(test.path / "slurm.conf"), BUYIN=test.program,
                   PATH=os.environ["PATH"] + ":/usr/sbin:/sbin", OMPI_ALLOW_RUN_AS_ROOT="1",
                   OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
                   OMPI_MCA_btl_vader_single_copy_mechanism="none")


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(SKIPPED)


def free_ports(count):
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


def call(*words):
    return subprocess.run([str(word) for word in words], cwd=test.path, env=environment,
                          capture_output=True, text=True, check=False, timeout=200)


@contextlib.contextmanager
def daemon(*words):
    """Starts a daemon in the foreground; ends it, and nothing else, afterwards."""
    log = test.path / f"{words[0]}.log"
    with open(log, "w", encoding="utf-8") as stream, subprocess.Popen(
            words, cwd=test.path, env=environment, stdout=stream, stderr=stream,
            stdin=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            process.kill()


def last_words():
    found = []
    for name in DAEMONS:
        lines = (test.path / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        found.append(f"{name}: {lines[-1] if lines else 'no word'}")
    return "; ".join(found)


def wait_for(what, holds, seconds=30):
    for _ in range(10 * seconds):
        if holds():
            return
        time.sleep(0.1)
    skip(f"{what} does not start here ({last_words()})")


def prepare():
    for name in ("state", "spool"):
        (test.path / name).mkdir()
    key = test.path / "munge.key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o400)
    (test.path / "slurm.conf").write_text(
        CONFIGURATION.format(host=socket.gethostname().split(".")[0], user=getpass.getuser(),
                             folder=test.path, ports=free_ports(2)), encoding="utf-8")


def start(stack):
    munge = [f"--{name}={test.path}/munge{end}" for name, end in (
        ("key-file", ".key"), ("socket", ".socket"), ("pid-file", ".pid"), ("log-file", ".words"),
        ("seed-file", ".seed"))]
    stack.enter_context(daemon("munged", "--foreground", "--force", *munge))
    for name in DAEMONS[1:]:
        (test.path / f"{name}.log").touch()
    wait_for("munged", lambda: (test.path / "munge.socket").exists())
    for name in DAEMONS[1:]:
        stack.enter_context(daemon(name, "-D"))
    wait_for("Slurm", lambda: "idle" in call("sinfo", "-h", "-o", "%T").stdout)


def settings():
    return [word for setting in SMALL for word in ("--set", setting)]


def submit(*words):
    """Submits and waits; returns what Slurm says, and the logs of this job."""
    done = call("sbatch", "--parsable", "--wait", *words)
    number = done.stdout.strip().split(";")[0]
    logs = "".join(path.read_text(encoding="utf-8") for path in sorted(test.path.glob(f"buyin-{number}*.log")))
    test.expect(done.returncode == 0, f"{words}: status {done.returncode}: {done.stderr} {logs}")
    return logs


def check_job():
    if "without MPI" in call("mpirun", "-n", "2", test.program, "--version").stderr:
        print("the program was built without MPI: job.sh is not run")
        return
    for launch in ("mpirun --bind-to none", "srun --mpi=pmix"):
        if launch.startswith("srun") and "pmix" not in str(call("srun", "--mpi=list")):
            continue
        environment["LAUNCH"] = launch
        name = f"job_{launch.split(maxsplit=1)[0]}.h5"
        logs = submit("--ntasks-per-node=2", "--cpus-per-task=2", scripts / "job.sh", "run", "-o", name,
                      *settings())
        test.expect("Of " in logs and logs.count("Results:") == 1, f"{launch}: prints {logs[:300]}")
        found = expect_same(test, f"{launch} under Slurm", test.path / "plain.h5", test.path / name)
        test.expect(len(found) > 0, "nothing compared")


def check_array():
    words = ["--array=1-3", scripts / "array.sh", "whole.h5", "run", *settings()]
    submit(*words)
    submit(scripts / "merge.sh", "whole.h5")
    expect_same(test, "an array of parts, merged", test.path / "plain.h5", test.path / "whole.h5")
    (test.path / "whole.2of3.h5").unlink()
    logs = submit(*words)
    test.expect(logs.count("is there already") == 2, f"an array submitted again runs all parts: {logs}")
    (test.path / "whole.h5").unlink()
    submit(scripts / "merge.sh", "whole.h5")
    expect_same(test, "the same, one part made again", test.path / "plain.h5", test.path / "whole.h5")


for needed in (*DAEMONS, *CLIENTS, "mpirun"):
    if shutil.which(needed, path=environment["PATH"]) is None:
        skip(f"there is no {needed} (apt-get install slurm-wlm munge openmpi-bin)")
if len(str(test.path)) > 80:
    skip("the path of the temporary folder is too long for a socket")
test.expect(call(test.program, "run", "--quiet", "-o", "plain.h5", *settings()).returncode == 0, "run")
prepare()
with contextlib.ExitStack() as started:
    start(started)
    check_job()
    check_array()
test.end()
