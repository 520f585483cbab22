using System.CommandLine;
using Sam.Simulators.GitHub.Control;
using Sam.Simulators.Hetzner;

var root = new RootCommand("Simulators of the systems SAM talks to. For tests and trials, never for production.")
{
    HetznerCommand.Create(),
    GitHubCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
