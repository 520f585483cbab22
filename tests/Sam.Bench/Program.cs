using System.CommandLine;
using Sam.Bench.Cluster;
using Sam.Bench.Crashes;
using Sam.Bench.Leases;
using Sam.Bench.Offers;
using Sam.Bench.Runs;
using Sam.Bench.Subjects;
using Sam.Bench.Tokens;

var kubeconfig = new Option<string?>("--kubeconfig") { Description = "A cluster to use instead of a dev cluster of our own." };
var home = new Option<string>("--namespace") { Description = "Where the objects are.", Required = true };
var output = new Option<string?>("--out") { Description = "File to write the page to." };
var objects = new Option<int[]>("--objects")
{
    Description = "How many objects, several times.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [2000, 10000],
};
var rounds = new Option<int>("--rounds") { Description = "How often each.", DefaultValueFactory = _ => 3 };
var updates = new Option<int>("--updates") { Description = "Single updates a run.", DefaultValueFactory = _ => 200 };
var runs = new Option<int>("--runs") { Description = "How many take-overs.", DefaultValueFactory = _ => 100 };
var seed = new Option<int>("--seed") { Description = "Seed of the ways and moments.", DefaultValueFactory = _ => 1 };
var untimed = new Option<bool>("--untimed") { Description = "Judge the fence, not the times: for a busy machine." };
var identity = new Option<string>("--identity") { Description = "Who the process is.", Required = true };
var name = new Argument<string>("subject") { Description = "runtime or floor." };

var bench = new Command("run", "Measures the runtime beside the floor.") { objects, rounds, updates, kubeconfig, output };
bench.SetAction(
    (given, cancel) =>
        BenchCommand.RunAsync(
            given.GetRequiredValue(objects),
            given.GetValue(rounds),
            given.GetValue(updates),
            given.GetValue(kubeconfig),
            given.GetValue(output),
            cancel
        )
);
var lease = new Command("lease", "Takes a lease away from two processes, again and again.")
{
    runs,
    seed,
    untimed,
    kubeconfig,
    output,
};
lease.SetAction(
    (given, cancel) =>
        LeaseCommand.RunAsync(
            given.GetValue(runs),
            given.GetValue(seed),
            given.GetValue(untimed),
            given.GetValue(kubeconfig),
            given.GetValue(output),
            cancel
        )
);
var subject = new Command("subject", "A subject's process; started by run.") { name, kubeconfig, home };
subject.SetAction(
    (given, cancel) =>
        SubjectCommand.RunAsync(
            given.GetRequiredValue(name),
            given.GetRequiredValue(kubeconfig)!,
            given.GetRequiredValue(home),
            cancel
        )
);
var worker = new Command("lease-worker", "One of the two processes; started by lease.") { kubeconfig, home, identity };
worker.SetAction(
    (given, cancel) =>
        LeaseWorker.RunAsync(
            given.GetRequiredValue(kubeconfig)!,
            given.GetRequiredValue(home),
            given.GetRequiredValue(identity),
            cancel
        )
);
return await new RootCommand("Measures Sam.Runtime against a Kubernetes API.")
{
    bench,
    lease,
    subject,
    worker,
    ClusterCommand.Create(),
    TokenCommand.Create(),
    CrashCommand.Create(),
    ReleaseCommand.Create(),
    OffersCommand.Create(),
}
    .Parse(args)
    .InvokeAsync();
