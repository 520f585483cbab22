namespace Sam.Runtime.Controllers;

/// <summary>Work that no object asks for: done now and then by the process that leads.</summary>
public interface IPeriodicTask
{
    /// <summary>Its name in metrics and logs.</summary>
    string Name { get; }

    /// <summary>Pause between the end of one run and the start of the next; the first run is one pause after the start.</summary>
    TimeSpan Period { get; }

    /// <summary>One run; whatever it throws is logged and counted, and the next run comes all the same.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
