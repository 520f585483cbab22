using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Data;
using Sam.Operator.Controllers.ComposeApps.Dns;
using Sam.Operator.Controllers.ComposeApps.Logins;
using Sam.Operator.Controllers.ComposeApps.Steps;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>The door of the room.</summary>
internal static class ComposeAppRegistration
{
    /// <summary>Adds the ComposeApp controller.</summary>
    public static IRuntimeBuilder AddComposeApps(this IRuntimeBuilder runtime)
    {
        runtime.Services.AddSingleton<IStepContextFactory<ComposeApp, ComposeAppContext>, ComposeAppContextFactory>();
        runtime.Services.AddSingleton<IConditionSet<ComposeApp>, ComposeAppConditionSet>();
        runtime.Services.AddSingleton<FileContents>();
        runtime.Services.AddSingleton<ManifestReader>();
        runtime.Services.AddSingleton<Releases>();
        runtime.Services.AddSingleton<SignedAccess>();
        runtime.Services.AddSingleton<RegistryLogins>();
        runtime.Services.AddSingleton<ImagePulls>();
        runtime.Services.AddSingleton<PlanExecutor>();
        runtime.Services.AddSingleton<DriftReport>();
        runtime.Services.AddSingleton<ImageTidying>();
        runtime.Services.AddSingleton<SpentSecrets>();
        runtime.Services.AddSingleton<Suspension>();
        runtime.Services.AddSingleton<ResolveManifest>();
        runtime.Services.AddSingleton<RecordRelease>();
        runtime.Services.AddSingleton<RunRelease>();
        runtime.Services.AddSingleton<JudgeHealth>();
        runtime.AddVolumeHooks();
        runtime
            .Services.AddSingleton<DnsRecords>()
            .AddSingleton<PublishDns>()
            .AddSingleton<WithdrawDns>()
            .AddSingleton<VerifyHosts>();
        runtime.Services.AddSingleton<RouteLogins>();
        runtime.Services.AddSingleton<PublishRoutes>();
        runtime.Services.AddSingleton<ReportCertificates>();
        runtime.Services.AddSingleton<ConfirmInSync>();
        runtime.Services.AddSingleton<TidyImages>();
        runtime.Services.AddSingleton<Conclude>();
        runtime.Services.AddSingleton<WithdrawRoutes>();
        runtime.Services.AddSingleton<TearDownApp>();
        runtime.Services.AddSingleton<ReturnImages>();
        runtime.Services.AddSingleton<DropReleases>();
        return runtime
            .AddInformer(AppSources.BySecret, AppSources.ByConfigMap)
            .AddController<ComposeAppController, ComposeApp>(new ControllerOptions { FinalizerName = Names.Finalizer })
            // The node tells when it can be used, and which routes Caddy serves.
            .Watches<ComposeAppController, ComposeApp, DeploymentNode>(
                (node, stores) => AppsOn(stores, node.Metadata.NamespaceProperty, node.Metadata.Name)
            )
            // Their values are variables, the Compose file, the registry's login; only metadata is cached, the values are read when used.
            .Watches<ComposeAppController, ComposeApp, MetadataOf<V1Secret>>(AppSources.AppsOf)
            .Watches<ComposeAppController, ComposeApp, MetadataOf<V1ConfigMap>>(AppSources.AppsOf)
            // A host that another app gives up may be free now.
            .Watches<ComposeAppController, ComposeApp, ComposeApp>(
                (app, stores) =>
                    AppsOn(stores, app.Metadata.NamespaceProperty, app.Spec.NodeRef.Name)
                        .Where(key => key.Name != app.Metadata.Name && WaitsForHost(stores, key))
            );
    }

    private static bool WaitsForHost(IStores stores, ObjectKey key) =>
        stores
            .Of<ComposeApp>()
            .Get(key.Namespace, key.Name)
            ?.Status.Conditions.Any(condition => condition.Reason == "HostConflict") == true;

    private static IEnumerable<ObjectKey> AppsOn(IStores stores, string home, string node) =>
        stores.Of<ComposeApp>().List(home).Where(app => app.Spec.NodeRef.Name == node).Select(app => ObjectKey.Of(app));
}
