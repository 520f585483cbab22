using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Transport;

namespace Sam.Testing.Worlds;

/// <summary>Many Machines of one Project in a virtual world, and what they cost in calls and writes.</summary>
public sealed class Fleet
{
    private readonly VirtualWorld _world;
    private readonly Dictionary<string, int> _writes = new(StringComparer.Ordinal);
    private int _made;

    /// <summary>Makes an empty one, with its Project.</summary>
    public Fleet(VirtualWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        // More than a Project may have: the account is what is measured.
        world.Create(A.Project().With(project => project.Spec.Limits = new ProjectLimits { Machines = 2_000 }));
        var written = world.Cluster.Written;
        world.Cluster.Written = request =>
        {
            Count(request);
            written(request);
        };
    }

    /// <summary>Writes to Machines since the last <see cref="ForgetWrites"/>, by method and path.</summary>
    public IReadOnlyDictionary<string, int> Writes => _writes;

    /// <summary>Creates Machines that may be bought in two locations, in order.</summary>
    public IReadOnlyList<string> Add(int count, Action<Machine>? change = null)
    {
        var names = Enumerable.Range(_made, count).Select(i => $"m{i:d4}").ToList();
        _made += count;
        foreach (var name in names)
            _world.Create(Machine(name).With(change ?? (_ => { })));
        return names;
    }

    /// <summary>Machines that are Ready.</summary>
    public int Ready() => _world.Count<Machine>(machine => (string?)machine["status"]?["phase"] == "Ready");

    /// <summary>Machines that there are, those that are being deleted included.</summary>
    public int Living() => _world.Count<Machine>(_ => true);

    /// <summary>Calls of the account that fit, by `METHOD route status`.</summary>
    public long Calls(string start = "", string end = "") =>
        _world
            .Hetzner.Calls()
            .Where(call =>
                call.Key.StartsWith(start, StringComparison.Ordinal) && call.Key.EndsWith(end, StringComparison.Ordinal)
            )
            .Sum(call => call.Value);

    /// <summary>Creates of servers that were asked for.</summary>
    public long Creates() => Calls("POST /servers ");

    /// <summary>All calls by kind, for people.</summary>
    public string Told() =>
        string.Join(", ", _world.Hetzner.Calls().OrderBy(call => call.Key).Select(call => $"{call.Key}: {call.Value}"));

    /// <summary>Starts to count writes anew.</summary>
    public void ForgetWrites() => _writes.Clear();

    /// <summary>Reasons that Machines give for a condition that does not hold, with how many give it.</summary>
    public IReadOnlyDictionary<string, int> Reasons() =>
        _world
            .All<Machine>()
            .SelectMany(machine => machine.Status.Conditions.Where(condition => condition.Status != "True"))
            .GroupBy(condition => condition.Reason)
            .ToDictionary(group => group.Key, group => group.Count());

    private void Count(TransportRequest request)
    {
        if (!request.Path.Contains("/machines/", StringComparison.Ordinal))
            return;
        var key = $"{request.Method} {request.Path}";
        _writes[key] = _writes.GetValueOrDefault(key) + 1;
    }

    private static Machine Machine(string name) =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new MachineSpec
            {
                MachineId = $"{name}00000000000",
                Role = MachineRole.Workspace,
                ProjectRef = new LocalReference { Name = "acme" },
                Offers =
                [
                    new MachineOffer { ServerType = "cx23", Location = "fsn1" },
                    new MachineOffer { ServerType = "cx23", Location = "nbg1" },
                ],
            },
        };
}
