using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Credentials;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines;

/// <summary>What was observed of a Machine for one run. Steps fill what they find out for the steps behind them.</summary>
internal sealed class MachineContext(StepRun<Machine> run, ProviderToken? token, TokenFault? tokenFault)
{
    /// <summary>The run.</summary>
    public StepRun<Machine> Run { get; } = run;

    /// <summary>The Machine; its status is what the run writes.</summary>
    public Machine Machine => Run.Entity;

    /// <summary>The token that pays; null if none is known.</summary>
    public ProviderToken? Token { get; } = token;

    /// <summary>Why the wanted token is not known, even if a kept copy is.</summary>
    public TokenFault? TokenFault { get; } = tokenFault;

    /// <summary>The server as the provider showed it; filled by the step that looks.</summary>
    public Server? Server { get; set; }

    /// <summary>The engine's address; known once the server has one.</summary>
    public MachineEndpoint? Endpoint =>
        Machine.Status.PublicIPv4 is { } address ? new MachineEndpoint(Machine.Spec.MachineId, address) : null;

    /// <summary>The server's name and host name; deterministic, so that its uniqueness fences a second actor.</summary>
    public string ServerName => ServerNameOf(Machine.Spec.MachineId);

    /// <summary>Name at the provider of the volume that has this name on the Machine; unique in the account, so that it is a fence too.</summary>
    public string VolumeName(string name) => VolumeNameOf(Machine.Spec.MachineId, name);

    /// <summary>Name of the server of the Machine of this id, which its kept address has too.</summary>
    public static string ServerNameOf(string machineId) => $"sam-{machineId}";

    /// <summary>Name of a volume of the Machine of this id.</summary>
    public static string VolumeNameOf(string machineId, string name) => $"{ServerNameOf(machineId)}-{name}";
}
