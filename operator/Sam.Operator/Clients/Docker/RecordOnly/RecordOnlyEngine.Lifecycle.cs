namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    private static readonly TimeSpan firstRestartPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan lastRestartPause = TimeSpan.FromMinutes(1);

    /// <summary>A run of this length makes the restart pause short again.</summary>
    private static readonly TimeSpan goodRun = TimeSpan.FromSeconds(10);

    /// <summary>The engine does not answer from now on; its containers run on (live-restore) and event streams end.</summary>
    public void GoDown()
    {
        lock (gate)
        {
            isUp = false;
            EndStreams();
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The engine answers again; what was due in between has happened.</summary>
    public void ComeUp()
    {
        lock (gate)
        {
            isUp = true;
            var now = time.GetUtcNow();
            agenda.RunUntil(now);
            Arm(now);
        }
    }

    /// <summary>The Machine loses power and boots again: every run ends with 255, then restart policies apply as Docker applies them.</summary>
    public void PowerCycle()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            agenda.RunUntil(now);
            EndStreams();
            isUp = true;
            foreach (var container in containers.Values)
            {
                var wasUp = container.IsUp;
                if (wasUp)
                {
                    End(container, 255, now);
                }

                if ((wasUp || container.StartedAt is not null) && container.ShouldRestart(afterPowerCycle: true))
                {
                    Begin(container, now);
                }
            }

            Arm(now);
        }
    }

    /// <summary>A container ends by itself now, such as by a crash; its restart policy applies.</summary>
    public void Crash(string idOrName, int exitCode)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            agenda.RunUntil(now);
            EndByItself(Get(idOrName), exitCode, now);
            Arm(now);
        }
    }

    /// <summary>Somebody kills a container, which its restart policy takes as a stop (<c>docker kill</c>).</summary>
    public void Kill(string idOrName) =>
        ByHand(
            idOrName,
            (container, now) =>
            {
                container.StoppedByHand = true;
                End(container, 137, now);
            }
        );

    /// <summary>Every event stream breaks; the engine goes on.</summary>
    public void BreakStreams()
    {
        lock (gate)
        {
            EndStreams();
        }
    }

    /// <summary>Somebody pauses a container: it neither runs nor ends.</summary>
    public void Pause(string idOrName) =>
        ByHand(
            idOrName,
            (container, now) =>
            {
                container.State = ContainerState.Paused;
                Say(container, "pause", now);
            }
        );

    /// <summary>Somebody gives a container another name.</summary>
    public void Rename(string idOrName, string name) =>
        ByHand(
            idOrName,
            (container, now) =>
            {
                container.Name = name;
                Say(container, "rename", now);
            }
        );

    /// <summary>Somebody removes a network although containers are on it, which the engine allows one by one.</summary>
    public void LoseNetwork(string name)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var container in containers.Values.Where(c => c.Networks.Remove(name)))
            {
                SayOfNetwork(name, "disconnect", container.Id, now);
            }

            networks.Remove(name);
            SayOfNetwork(name, "destroy", null, now);
        }
    }

    private void ByHand(string idOrName, Action<RecordedContainer, DateTimeOffset> act)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            agenda.RunUntil(now);
            act(Get(idOrName), now);
            Arm(now);
        }
    }

    private void Begin(RecordedContainer container, DateTimeOffset at)
    {
        var epoch = ++container.Epoch;
        container.State = ContainerState.Running;
        container.Health = container.HasHealthCheck ? ContainerHealth.Starting : ContainerHealth.None;
        container.ExitCode = 0;
        container.StartedAt = at;
        Say(container, "start", at);
        if (container.HasHealthCheck)
        {
            var (after, health) = container.Script.HealthyAfter is { } healthy
                ? (healthy, ContainerHealth.Healthy)
                : (container.Script.UnhealthyAfter, ContainerHealth.Unhealthy);
            PlanFor(container, epoch, at + after, due => TurnHealth(container, health, due));
        }

        if (container.Script.ExitsAfter is { } life)
        {
            PlanFor(container, epoch, at + life, due => EndByItself(container, container.Script.ExitCode, due));
        }
    }

    private void TurnHealth(RecordedContainer container, ContainerHealth health, DateTimeOffset at)
    {
        container.Health = health;
        Say(container, $"health_status: {(health == ContainerHealth.Healthy ? "healthy" : "unhealthy")}", at);
    }

    private void EndByItself(RecordedContainer container, int exitCode, DateTimeOffset at)
    {
        var ran = at - container.StartedAt;
        End(container, exitCode, at);
        if (!container.ShouldRestart(afterPowerCycle: false))
        {
            return;
        }

        container.RestartPause =
            ran >= goodRun || container.RestartPause == TimeSpan.Zero
                ? firstRestartPause
                : TimeSpan.FromTicks(Math.Min(container.RestartPause.Ticks * 2, lastRestartPause.Ticks));
        container.State = ContainerState.Restarting;
        PlanFor(
            container,
            container.Epoch,
            at + container.RestartPause,
            due =>
            {
                container.RestartCount++;
                Begin(container, due);
            }
        );
    }

    private void End(RecordedContainer container, int exitCode, DateTimeOffset at)
    {
        container.Epoch++;
        container.State = ContainerState.Exited;
        container.Health = container.HasHealthCheck ? ContainerHealth.Unhealthy : ContainerHealth.None;
        container.ExitCode = exitCode;
        container.FinishedAt = at;
        Say(container, "die", at);
    }

    private void PlanFor(RecordedContainer container, int epoch, DateTimeOffset due, Action<DateTimeOffset> action) =>
        agenda.Plan(
            due,
            at =>
            {
                if (container.Epoch == epoch)
                {
                    action(at);
                }
            }
        );
}
