using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>What was observed of an app for one run. Steps fill what they find out for the steps behind them.</summary>
internal sealed class ComposeAppContext(
    StepRun<ComposeApp> run,
    DeploymentNode? node,
    Machine? machine,
    IMachineLink? link,
    IMachineLink? former = null
)
{
    /// <summary>The run.</summary>
    public StepRun<ComposeApp> Run { get; } = run;

    /// <summary>The app; its status is what the run writes.</summary>
    public ComposeApp App => Run.Entity;

    /// <summary>The node; null if it does not exist.</summary>
    public DeploymentNode? Node { get; } = node;

    /// <summary>The node's Machine; null if it does not exist (yet, or any more).</summary>
    public Machine? Machine { get; } = machine;

    /// <summary>The engine; null until the Machine answered once.</summary>
    public IMachineLink? Link { get; } = link;

    /// <summary>The engine that served before the node's VM was replaced, and does so still for those whose DNS is old; null most of the time.</summary>
    public IMachineLink? Former { get; } = former;

    /// <summary>The manifest; filled by <c>ResolveManifest</c>, null if it is refused.</summary>
    public ManifestSource? Source { get; set; }

    /// <summary>The release that runs or is being put back; filled by <c>RunRelease</c>.</summary>
    public ReleaseSpec? Serving { get; set; }

    /// <summary>How the release that is looked at is; filled by <c>RunRelease</c>.</summary>
    public Verdict? Verdict { get; set; }

    /// <summary>Nothing is left to do on the engine; filled by <c>RunRelease</c>.</summary>
    public bool InSync { get; set; }

    /// <summary>Hosts that are not served before they are proven; filled by <c>VerifyHosts</c>.</summary>
    public ImmutableHashSet<string> UnprovenHosts { get; set; } = [];

    /// <summary>What somebody changed was told in this run.</summary>
    public bool DriftTold { get; set; }

    /// <summary>Why the object is stalled although the rest of the list runs on.</summary>
    public StepResult? Halt { get; private set; }

    /// <summary>Hopeless as it is. While a release serves, the care for it goes on and the halt is told last; otherwise the list ends here.</summary>
    public StepResult HaltWith(Reason reason, string message, TimeSpan? recheckAfter = null)
    {
        var halt = StepResult.Stop(reason, message, recheckAfter);
        if (App.Status.AppliedRelease is null || Link is null)
            return halt;
        Halt ??= halt;
        return StepResult.Continue(reason, message);
    }
}

/// <summary>A manifest that can be used.</summary>
/// <param name="Model">The Compose file, parsed and interpolated.</param>
/// <param name="Routes">Routes with their hosts.</param>
/// <param name="Files">Content of configs and secrets, as a release keeps it.</param>
/// <param name="Hash">Identity of what the user wrote; a change makes a release.</param>
internal sealed record ManifestSource(
    ComposeModel Model,
    ImmutableArray<AppRoute> Routes,
    ImmutableSortedDictionary<string, string>? Files,
    string Hash
)
{
    // Files hold secrets.
    public override string ToString() => $"ManifestSource {Hash}";
}
