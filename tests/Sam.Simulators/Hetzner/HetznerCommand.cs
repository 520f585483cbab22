using System.CommandLine;
using Sam.Simulators.Booting;

namespace Sam.Simulators.Hetzner;

/// <summary>`hetzner`: the simulator as a process of its own.</summary>
internal static class HetznerCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Loopback port; 0 takes a free one." };
        var tokens = new Option<FileInfo?>("--token-file")
        {
            Description = "Known tokens, one a line: TOKEN [PROJECT] [readonly]. Without it one simulated token is known.",
        };
        var boot = new Option<double>("--boot-seconds")
        {
            Description = "Time from create to running.",
            DefaultValueFactory = _ => 11,
        };
        var limit = new Option<int>("--rate-limit") { Description = "Requests per hour.", DefaultValueFactory = _ => 3600 };
        var engines = new Option<string?>("--engines")
        {
            Description = "Folder of scripts/engines.sh: servers boot for real on its engine. Without it they are records.",
        };
        var command = new Command("hetzner", "Simulates the Hetzner Cloud API on loopback.")
        {
            port,
            tokens,
            boot,
            limit,
            engines,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var seconds = parsed.GetValue(boot);
                var options = new HetznerSimulatorOptions
                {
                    Port = parsed.GetValue(port),
                    RateLimit = parsed.GetValue(limit),
                    Delays = new HetznerDelays
                    {
                        Initialize = TimeSpan.FromSeconds(seconds / 2),
                        Start = TimeSpan.FromSeconds(seconds / 2),
                    },
                };
                if (parsed.GetValue(tokens) is { } file)
                {
                    options = options with { Tokens = await ReadAsync(file, cancellationToken) };
                }
                await using var servers = parsed.GetValue(engines) is { } folder
                    ? await BootedServers.StartAsync(EngineLab.Load(folder), TimeProvider.System, cancellationToken)
                    : null;
                if (servers is not null)
                {
                    options = options with { Backend = new BootedBackend(servers) };
                }
                await using var simulator = await HetznerSimulator.StartAsync(options, cancellationToken);
                await Console.Out.WriteLineAsync($"hetzner simulator listens on {simulator.Endpoint}");
                await simulator.WaitForShutdownAsync(cancellationToken);
                return 0;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<SimulatedToken>> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(file.FullName, cancellationToken);
        return
        [
            .. lines
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length > 0)
                .Select(words => new SimulatedToken(
                    words[0],
                    words.Length > 1 && words[1] != "readonly" ? words[1] : "default",
                    words.Contains("readonly")
                )),
        ];
    }
}
