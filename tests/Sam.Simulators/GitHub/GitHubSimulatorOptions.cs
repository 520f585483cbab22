namespace Sam.Simulators.GitHub;

/// <summary>How one simulated GitHub behaves.</summary>
public sealed record GitHubSimulatorOptions
{
    /// <summary>Loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The clock of everything: tokens, limits, dates.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The address the in-process front is called at.</summary>
    public Uri InProcessEndpoint { get; init; } = new("https://api.github.com/");

    /// <summary>How long an installation token lives.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Requests per hour of one App's JWTs and of one installation's tokens.</summary>
    public int RateLimit { get; init; } = 5000;

    /// <summary>Points a minute (a read is 1, a write is 5) before the secondary limit strikes; null never strikes.</summary>
    public int? PointsPerMinute { get; init; } = 900;

    /// <summary>Where bare repositories live; null makes a temporary folder once one is asked for.</summary>
    public string? GitFolder { get; init; }

    /// <summary>Seed of the token bytes, so that a run can be told again.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Sends webhooks as soon as something happens; otherwise they wait for <see cref="GitHubWebhooks.DeliverAsync"/>.</summary>
    public bool DeliversWebhooks { get; init; } = true;

    /// <summary>What webhooks are sent through; null makes real connections.</summary>
    public HttpMessageHandler? WebhookHandler { get; init; }
}
