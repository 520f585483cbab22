using System.Net;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster;

/// <summary>How a dev cluster is started.</summary>
public sealed record DevClusterOptions
{
    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Certificates to serve with and to trust; made at the start when absent.</summary>
    public ServingFiles? Serving { get; init; }

    /// <summary>Where the cluster keeps its state over restarts; null keeps nothing.</summary>
    public string? DataFile { get; init; }

    /// <summary>The clock behind timestamps, watch time-outs and bookmarks.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many changes per resource can be watched from; older versions answer 410.</summary>
    public int HistoryWindow { get; init; } = 20_000;

    /// <summary>Where a Service answers (namespace, name and port to <c>host:port</c>): webhooks and extension servers are found through it.</summary>
    public Func<string, string, int, string?> Services { get; init; } = static (_, _, _) => null;

    /// <summary>How many bytes of changes per resource are kept at most.</summary>
    public long HistoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many changes a watcher may fall behind before its connection is cut.</summary>
    public int WatchBuffer { get; init; } = 10_000;

    /// <summary>How many bytes a watcher may fall behind before its connection is cut.</summary>
    public long WatchBufferBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Whether roles decide what users other than the administrator may do; otherwise every known user may do everything.</summary>
    public bool Rbac { get; init; } = true;

    /// <summary>Whether every namespace gets the ConfigMap <c>kube-root-ca.crt</c>.</summary>
    public bool PublishesAuthority { get; init; } = true;

    /// <summary>How often a watch that asked for them gets a bookmark.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request other than a watch may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a watch without <c>timeoutSeconds</c> stays open.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(45);

    internal StoreLimits Limits =>
        new(new HistoryLimits(HistoryWindow, HistoryBytes), new WatchLimits(WatchBuffer, WatchBufferBytes));
}
