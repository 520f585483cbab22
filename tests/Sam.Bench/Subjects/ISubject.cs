namespace Sam.Bench.Subjects;

/// <summary>Something that keeps the status of all Widgets of a namespace like their spec.</summary>
internal interface ISubject : IAsyncDisposable
{
    /// <summary>Starts; returns once everything that exists is known to it.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Looks at everything once more, changed or not; false if it has no such thing.</summary>
    bool Resync();
}
