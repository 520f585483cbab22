using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing.Simulations;

namespace Sam.Testing.Worlds;

/// <summary>
/// One story, all of it chosen by the seed: users make and delete nodes, the provider and the API server fail, and the operator dies between two
/// effects, again and again. Then the faults end, and what is left is counted.
/// </summary>
public sealed class CrashRun
{
    private static readonly TimeSpan s_trouble = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(2);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(20);

    // What somebody does to a server behind our back ends in a condition that a person must answer, and megabytes are a fifth of the time that all stories take: those
    // have tests of their own.
    private static readonly IReadOnlyList<string> s_faults =
    [
        .. HetznerFaults.Names.Except([
            HetznerFaults.ServerVanishes,
            HetznerFaults.LabelsChanged,
            HetznerFaults.LabelsRemoved,
            HetznerFaults.Protected,
            HetznerFaults.NameTaken,
            HetznerFaults.VolumeVanishes,
            HetznerFaults.HugeBody,
        ]),
    ];

    private readonly Simulation _sim;
    private readonly VirtualWorld _world;
    private readonly Action<SimulatedOperatorSetup>? _configure;
    private readonly List<SimulatedOperator> _processes = [];
    private readonly HashSet<string> _kept = [];
    private readonly HashSet<string> _deleted = [];
    private readonly List<string> _faults = [];
    private readonly bool _elects;

    private CrashRun(Simulation sim, VirtualWorld world, Action<SimulatedOperatorSetup>? configure)
    {
        (_sim, _world, _configure) = (sim, world, configure);
        _elects = sim.Random.Next(3) == 0;
    }

    /// <summary>Lives one story to its end.</summary>
    /// <param name="seed">Chooses everything.</param>
    /// <param name="configure">Changes the operator, for a bug that is planted.</param>
    public static CrashOutcome Run(int seed, Action<SimulatedOperatorSetup>? configure = null)
    {
        CrashOutcome? outcome = null;
        var trace = Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                outcome = await new CrashRun(sim, world, configure).LiveAsync();
            }
        );
        return outcome! with { Fingerprint = trace.Fingerprint };
    }

    private async Task<CrashOutcome> LiveAsync()
    {
        _world.Create(A.Project());
        _world.Faults.WritesRefused = 0.03;
        PlanUsers();
        PlanFaults();
        StartOne();
        if (_elects)
            StartOne();
        var crashes = await CrashAsync(_sim.Random.Next(1, 5));
        await EndTroubleAsync();
        var stuck = await ConvergeAsync();
        await _sim.AdvanceAsync(TimeSpan.FromMinutes(1));
        var wrongs = CrashAudit.Wrongs(_world).Concat(stuck).ToList();
        return new CrashOutcome(_sim.Seed, crashes, _world.Gate.Count, _world.Gate.Struck, wrongs)
        {
            Faults = _faults,
            HandOvers = CrashAudit.HandOvers(_world),
        };
    }

    private void PlanUsers()
    {
        var count = _sim.Random.Next(1, 4);
        for (var i = 0; i < count; i++)
        {
            var name = $"n{i}";
            var made = TimeSpan.FromSeconds(_sim.Random.Next(60));
            var isRich = _sim.Random.Next(3) == 0;
            At(made, () => _world.Create(isRich ? RichNode(name) : A.Node(name)));
            if (_sim.Random.Next(2) == 0)
            {
                _kept.Add(name);
                continue;
            }

            // Often in the moments in which it is bought; never in the very one in which it is made, where it may come first and find nothing.
            _deleted.Add(name);
            At(
                made + TimeSpan.FromMilliseconds(1 + _sim.Random.Next(_sim.Random.Next(2) == 0 ? 1_500 : 400_000)),
                () => _world.Delete<DeploymentNode>(name)
            );
        }

        // The user's Secret may go before the servers do: the kept copy pays for their end.
        if (_kept.Count == 0 && _sim.Random.Next(2) == 0)
            At(TimeSpan.FromSeconds(_sim.Random.Next(450)), () => _world.Cluster.Remove(_world.SecretPath(A.TokenSecret)));
    }

    /// <summary>With what outlives a server, and goes with the node all the same.</summary>
    private static DeploymentNode RichNode(string name) =>
        A.Node(name)
            .With(node =>
            {
                node.Spec.Address = AddressPolicy.Kept;
                node.Spec.Volumes =
                [
                    new MachineVolume
                    {
                        Name = "data",
                        SizeGiB = 10,
                        DeletionPolicy = DeletionPolicy.Delete,
                    },
                ];
            });

    private void PlanFaults()
    {
        var names = s_faults;
        for (var left = _sim.Random.Next(4); left > 0; left--)
        {
            var fault = new HetznerFault(names[_sim.Random.Next(names.Count)])
            {
                Count = _sim.Random.Next(1, 4),
                Delay = TimeSpan.FromSeconds(_sim.Random.Next(1, 90)),
            };
            _faults.Add(fault.Name);
            At(TimeSpan.FromSeconds(_sim.Random.Next(90)), () => _world.Hetzner.Faults.Play(fault));
        }

        // Half of them in the minutes in which everything is bought.
        for (var left = _sim.Random.Next(8); left > 0; left--)
            At(TimeSpan.FromSeconds(_sim.Random.Next(_sim.Random.Next(2) == 0 ? 60 : (int)s_trouble.TotalSeconds)), BreakWatch);
    }

    private void BreakWatch()
    {
        _ = _sim.Random.Next(3) switch
        {
            0 => _world.Faults.DropWatch(),
            1 => _world.Faults.SilenceWatch(),
            _ => _world.Faults.ExpireWatch(),
        };
    }

    private async Task<int> CrashAsync(int wanted)
    {
        for (var crashed = 0; crashed < wanted; crashed++)
        {
            var victim = _processes.LastOrDefault(process => !process.IsDead) ?? StartOne();
            var struck = _world.Gate.Struck.Count;
            var strike = _sim.Random.Next(2) == 0 ? Strike.Before : Strike.After;
            _world.Gate.Arm(_sim.Random.Next(25), strike, () => End(victim));
            while (_world.Gate.Struck.Count == struck && _sim.Elapsed < s_trouble)
                await _sim.AdvanceAsync(s_look / 4);
            if (_world.Gate.Struck.Count == struck)
                return crashed;
            await _sim.AdvanceAsync(TimeSpan.FromMilliseconds(_sim.Random.Next(20_000)));
            StartOne();
        }

        return wanted;
    }

    /// <summary>Killed; or only stopped for so long that another one leads when it goes on.</summary>
    private void End(SimulatedOperator victim)
    {
        if (!_elects || _sim.Random.Next(2) == 0)
        {
            victim.Kill();
            return;
        }

        victim.Stop();
        At(TimeSpan.FromSeconds(_sim.Random.Next(20, 120)), victim.Continue);
    }

    private async Task EndTroubleAsync()
    {
        _world.Gate.Disarm();
        if (_sim.Elapsed < s_trouble)
            await _sim.AdvanceAsync(s_trouble - _sim.Elapsed);
        _world.Hetzner.Faults.Stop();
        _world.Faults.WritesRefused = 0;
        if (_processes.TrueForAll(process => process.IsDead))
            StartOne();
    }

    private async Task<IReadOnlyList<string>> ConvergeAsync()
    {
        var until = _sim.Elapsed + s_patience;
        while (true)
        {
            await _sim.AdvanceAsync(s_look);
            var open = CrashAudit.Unfinished(_world, _kept, _deleted);
            if (open.Count == 0 || _sim.Elapsed > until)
                return open;
        }
    }

    private SimulatedOperator StartOne()
    {
        // Without a lease one process is alone by construction.
        if (!_elects)
            _processes.ForEach(process => process.Kill());
        var started = _world.Start(setup =>
        {
            setup.Elects = _elects;
            setup.PingInterval = TimeSpan.FromMinutes(2);
            setup.LeaseRetry = TimeSpan.FromSeconds(4);
            _configure?.Invoke(setup);
        });
        _processes.Add(started);
        return started;
    }

    private void At(TimeSpan moment, Action act) =>
        _ = _sim.Start(async () =>
        {
            await Task.Delay(moment, _sim.Clock);
            act();
        });
}

/// <summary>What a story came to.</summary>
/// <param name="Seed">Replays it.</param>
/// <param name="Crashes">How often the operator died or was stopped.</param>
/// <param name="Effects">How many effects left it.</param>
/// <param name="Struck">The effects at which it died.</param>
/// <param name="Wrongs">What is leaked, duplicated or stuck; nothing if all is right.</param>
public sealed record CrashOutcome(int Seed, int Crashes, int Effects, IReadOnlyList<string> Struck, IReadOnlyList<string> Wrongs)
{
    /// <summary>The provider's faults that were played.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>How often the Lease went from one process to another.</summary>
    public int HandOvers { get; init; }

    /// <summary>A hash over every choice and every move of the clock: equal for equal stories.</summary>
    public ulong Fingerprint { get; init; }
}
