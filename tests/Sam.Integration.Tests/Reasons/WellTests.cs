using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Testing;

namespace Sam.Integration.Tests.Reasons;

/// <summary>What every condition says, and which steps ran, while all is well.</summary>
public sealed class WellTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task Every_condition_of_every_kind_names_the_reason_why_it_holds()
    {
        await ServedAsync();
        var machine = (await MachineAsync()).Metadata.Name;
        await Expect.ReasonAsync<DeploymentNode>("edge", DeploymentNodeConditions.AppsHealthy.AllHealthy, Cancel);

        await Expect.ReasonAsync<Project>("acme", ProjectConditions.CredentialsValid.Accepted, Cancel);

        Same(
            await Kube.GetAsync<Project>("acme", Cancel),
            ProjectConditions.CredentialsResolved.Resolved,
            ProjectConditions.CredentialsValid.Accepted,
            ProjectConditions.RepositoryVerified.NotConfigured,
            ProjectConditions.TokenSecretsFresh.NoneAsked
        );
        Same(
            await Kube.GetAsync<Machine>(machine, Cancel),
            MachineConditions.CredentialsReady.TokenResolved,
            MachineConditions.Provisioned.ServerRunning,
            MachineConditions.VolumesReady.VolumesAttached,
            MachineConditions.Booted.EngineAnswered,
            MachineConditions.Reachable.EngineAnswers
        );
        Same(
            await Kube.GetAsync<DeploymentNode>("edge", Cancel),
            DeploymentNodeConditions.ProviderManageable.Manageable,
            DeploymentNodeConditions.MachineCurrent.Current,
            DeploymentNodeConditions.DiskPressure.Sufficient,
            DeploymentNodeConditions.NodeHealthy.Healthy,
            DeploymentNodeConditions.ConfigInSync.InSync,
            DeploymentNodeConditions.RoutesReady.AllServed,
            DeploymentNodeConditions.AppsHealthy.AllHealthy
        );
        Same(
            await Kube.GetAsync<ComposeApp>("shop", Cancel),
            ComposeAppConditions.ManifestValid.Valid,
            ComposeAppConditions.ImagesResolved.Resolved,
            ComposeAppConditions.Applied.ReleaseApplied,
            ComposeAppConditions.Healthy.AllHealthy,
            ComposeAppConditions.RoutesReady.Served,
            ComposeAppConditions.InSync.NothingToDo,
            ComposeAppConditions.HostsVerified.NotNeeded,
            ComposeAppConditions.CertificatesReady.Valid,
            ComposeAppConditions.DnsPublished.NoRecords,
            ComposeAppConditions.DataProtected.NoHooks
        );
    }

    [Fact]
    public async Task An_app_without_routes_is_ready()
    {
        await ServedAsync(A.App().With(app => app.Spec.Routes = []));

        await Expect.ReasonAsync<ComposeApp>("shop", ComposeAppConditions.RoutesReady.NoRoutes, Cancel);
    }

    private static void Same(IConditionedResource seen, params Reason[] expected)
    {
        var reasons = seen
            .ConditionedStatus.Conditions.Where(condition => condition.Type != "Ready")
            .Select(condition => $"{condition.Type}/{condition.Reason} {condition.Status}");

        Assert.Equal(expected.Select(reason => $"{reason} {reason.Status}").Order(), reasons.Order());
    }
}
