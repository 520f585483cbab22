using System.CommandLine;
using Sam.Bench.Cluster;

return await new RootCommand("Figures of speed and memory.") { ClusterCommand.Create() }
    .Parse(args)
    .InvokeAsync();
