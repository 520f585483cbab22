using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps;
using ContainerState = Sam.Compose.Planning.ContainerState;

namespace Sam.Unit.Tests.ComposeApps;

/// <summary>What status says of a service's containers.</summary>
public sealed class ServiceReportTests
{
    [Theory]
    [InlineData(Completion.Required, ContainerState.Exited, 0, 1)]
    [InlineData(Completion.Allowed, ContainerState.Exited, 0, 1)]
    [InlineData(Completion.Required, ContainerState.Exited, 3, 0)]
    [InlineData(Completion.Never, ContainerState.Exited, 0, 0)]
    [InlineData(Completion.Never, ContainerState.Running, 0, 1)]
    public void A_container_counts_as_ready_when_it_runs_or_has_done_its_work(
        Completion completion,
        ContainerState state,
        int exitCode,
        int ready
    )
    {
        var service = new DesiredService
        {
            Spec = new ContainerSpec { Service = "migrate", Image = "app@sha256:1" },
            Completion = completion,
        };
        var container = new ObservedContainer
        {
            Id = "1",
            Name = "migrate",
            Service = "migrate",
            SpecHash = service.Spec.Hash,
            State = state,
            ExitCode = exitCode,
        };
        var status = new ComposeAppStatus();

        ServiceReport.Write(
            status,
            new Desired
            {
                Uid = "0a1b2c3d",
                Release = 1,
                Services = [service],
            },
            new Observed { Now = DateTimeOffset.UnixEpoch, Containers = [container] }
        );

        Assert.Equal((1, ready), (status.Services.Single().Replicas, status.Services.Single().ReadyReplicas));
    }
}
