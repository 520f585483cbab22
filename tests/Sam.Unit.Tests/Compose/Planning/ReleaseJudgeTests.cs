using Sam.Compose.Model;
using Sam.Compose.Planning;

namespace Sam.Unit.Tests.Compose.Planning;

public sealed class ReleaseJudgeTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly ContainerSpec Spec = new() { Service = "web", Image = "web@sha256:1" };

    [Fact]
    public void Is_healthy_when_every_service_has_run_for_the_stable_time()
    {
        Assert.IsType<Verdict.Healthy>(Judge(Service(), Container(ContainerState.Running, up: 10)));
    }

    [Fact]
    public void Waits_for_the_rest_of_the_stable_time()
    {
        var verdict = Assert.IsType<Verdict.Progressing>(Judge(Service(), Container(ContainerState.Running, up: 7)));

        Assert.Equal(TimeSpan.FromSeconds(3), verdict.RetryAfter);
    }

    [Fact]
    public void Comes_back_at_the_deadline_when_only_time_can_end_the_wait()
    {
        var verdict = Assert.IsType<Verdict.Progressing>(
            Judge(Service(), Container(ContainerState.Running, ContainerHealth.Starting, up: 60), Now.AddSeconds(40))
        );

        Assert.Equal(TimeSpan.FromSeconds(40), verdict.RetryAfter);
        Assert.Contains("health check", verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_at_once_when_the_health_check_says_no()
    {
        var verdict = Assert.IsType<Verdict.Failed>(
            Judge(Service(), Container(ContainerState.Running, ContainerHealth.Unhealthy))
        );

        Assert.Equal(("web", FailureReason.Unhealthy), (verdict.Service, verdict.Reason));
    }

    [Fact]
    public void Fails_with_the_exit_code_when_a_container_stays_down()
    {
        var service = Service() with { Spec = Spec with { Restart = new RestartPolicy(RestartMode.No) } };

        var verdict = Assert.IsType<Verdict.Failed>(Judge(service, Container(ContainerState.Exited, exitCode: 3)));

        Assert.Equal((FailureReason.ContainerExited, 3), (verdict.Reason, verdict.ExitCode));
    }

    [Fact]
    public void Fails_when_a_container_ends_again_and_again()
    {
        var verdict = Assert.IsType<Verdict.Failed>(
            Judge(Service(), Container(ContainerState.Restarting, exitCode: 1, restarts: 6))
        );

        Assert.Equal((FailureReason.ContainerExited, 1), (verdict.Reason, verdict.ExitCode));
    }

    [Fact]
    public void Lets_a_container_restart_a_few_times_while_it_waits_for_others()
    {
        Assert.IsType<Verdict.Progressing>(Judge(Service(), Container(ContainerState.Restarting, exitCode: 1, restarts: 2)));
    }

    [Fact]
    public void Fails_when_the_deadline_has_passed()
    {
        var verdict = Assert.IsType<Verdict.Failed>(
            Judge(Service(), Container(ContainerState.Running, ContainerHealth.Starting), deadline: Now)
        );

        Assert.Equal(FailureReason.HealthTimeout, verdict.Reason);
    }

    [Fact]
    public void Names_the_exit_code_when_the_deadline_ends_a_restart_loop()
    {
        var verdict = Assert.IsType<Verdict.Failed>(
            Judge(Service(), Container(ContainerState.Restarting, exitCode: 7, restarts: 3), deadline: Now)
        );

        Assert.Equal((FailureReason.ContainerExited, 7), (verdict.Reason, verdict.ExitCode));
    }

    [Fact]
    public void Counts_a_one_shot_service_that_ended_with_0_as_healthy()
    {
        Assert.IsType<Verdict.Healthy>(Judge(OneShot(), Container(ContainerState.Exited)));
    }

    [Fact]
    public void Fails_when_a_one_shot_service_ends_with_an_error()
    {
        var verdict = Assert.IsType<Verdict.Failed>(Judge(OneShot(), Container(ContainerState.Exited, exitCode: 2)));

        Assert.Equal((FailureReason.ContainerExited, 2), (verdict.Reason, verdict.ExitCode));
    }

    [Fact]
    public void Waits_for_a_one_shot_service_that_still_runs()
    {
        Assert.IsType<Verdict.Progressing>(Judge(OneShot(), Container(ContainerState.Running, up: 600)));
    }

    [Fact]
    public void Gives_an_applied_release_time_to_start_a_stopped_container_again()
    {
        var service = Service() with { Spec = Spec with { Restart = new RestartPolicy(RestartMode.No) } };
        var desired = Desired(service) with { Applied = true };

        var verdict = ReleaseJudge.Judge(
            desired,
            Seen(Container(ContainerState.Exited, exitCode: 137) with { SpecHash = service.Spec.Hash }),
            null
        );

        Assert.IsType<Verdict.Progressing>(verdict);
    }

    private static Verdict Judge(DesiredService service, ObservedContainer container, DateTimeOffset? deadline = null) =>
        ReleaseJudge.Judge(Desired(service), Seen(container with { SpecHash = service.Spec.Hash }), deadline);

    private static Desired Desired(DesiredService service) =>
        new()
        {
            Uid = "0a1b2c3d",
            Release = 1,
            Services = [service],
        };

    private static Observed Seen(ObservedContainer container) => new() { Now = Now, Containers = [container] };

    private static DesiredService Service() => new() { Spec = Spec };

    private static DesiredService OneShot() =>
        new() { Spec = Spec with { Restart = new RestartPolicy(RestartMode.No) }, Completion = Completion.Required };

    private static ObservedContainer Container(
        ContainerState state,
        ContainerHealth health = ContainerHealth.None,
        int up = 600,
        int exitCode = 0,
        int restarts = 0
    ) =>
        new()
        {
            Id = "1",
            Name = "web",
            Service = "web",
            SpecHash = "",
            State = state,
            Health = health,
            ExitCode = exitCode,
            Restarts = restarts,
            StartedAt = Now.AddSeconds(-up),
        };
}
