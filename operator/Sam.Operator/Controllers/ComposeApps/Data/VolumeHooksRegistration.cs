using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Steps;
using Sam.Runtime.Hosting;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>The door of hooks of volumes.</summary>
internal static class VolumeHooksRegistration
{
    /// <summary>Adds the step that begins and ends hooks, and the one who follows them.</summary>
    public static void AddVolumeHooks(this IRuntimeBuilder runtime)
    {
        runtime.Services.AddSingleton<HookOutcomes>();
        runtime.Services.AddSingleton<SecretWords>();
        runtime.Services.AddSingleton<RunHooks>();
        // A command runs for an hour if it must: beside the reconciles, by the leader, over lost connections.
        runtime.AddListener<HookListener, ComposeApp, HookSource>();
    }
}
