using System.CommandLine;
using Sam.Playground;
using Sam.Playground.Deploys;

var samples = new Option<string>("--samples")
{
    Description = "Folder of YAML to apply, or none.",
    DefaultValueFactory = _ => "crds/samples",
};
var runs = new Option<int>("--runs") { Description = "How often the operator is killed.", DefaultValueFactory = _ => 20 };
var seed = new Option<int>("--seed") { Description = "Seed of the moments.", DefaultValueFactory = _ => 1 };

var keep = new Option<bool>("--keep") { Description = "Go on with the objects of the last such run; engines are not kept." };

var run = new Command("run", "Starts everything, applies the samples and stays up until Ctrl-C.") { samples, keep };
run.SetAction(
    (parsed, cancellationToken) => RunCommand.RunAsync(parsed.GetValue(samples)!, parsed.GetValue(keep), cancellationToken)
);

var demo = new Command("demo", "Starts everything, checks it from outside, and ends with 0 or 1.") { samples };
demo.SetAction((parsed, cancellationToken) => DemoCommand.RunAsync(parsed.GetValue(samples)!, cancellationToken));

var crash = new Command("crash-demo", "Runs the demo's flow while the operator is killed at random moments.") { runs, seed };
crash.SetAction(
    (parsed, cancellationToken) => CrashCommand.RunAsync(parsed.GetValue(runs), parsed.GetValue(seed), cancellationToken)
);

var releases = new Option<int>("--runs") { Description = "How many releases.", DefaultValueFactory = _ => 100 };
var page = new Option<string?>("--out") { Description = "File to write the page to." };
var deploy = new Command("bench-deploy", "Releases under load, beside docker compose up -d.") { releases, seed, page };
deploy.SetAction(
    (parsed, cancellationToken) =>
        DeployCommand.RunAsync(parsed.GetValue(releases), parsed.GetValue(seed), parsed.GetValue(page), cancellationToken)
);

return await new RootCommand("Runs SAM on this machine: dev cluster, simulators, engines, operator.") { run, demo, crash, deploy }
    .Parse(args)
    .InvokeAsync();
