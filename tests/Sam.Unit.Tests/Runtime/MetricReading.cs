using System.Globalization;
using System.Text;
using Prometheus;

namespace Sam.Unit.Tests.Runtime;

/// <summary>Reads metrics as a scraper does.</summary>
internal static class MetricReading
{
    /// <summary>Everything that a scrape would get.</summary>
    public static string Scrape(this CollectorRegistry registry)
    {
        using var text = new MemoryStream();
        registry.CollectAndExportAsTextAsync(text).GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>One value; 0 if there is none.</summary>
    public static double ValueOf(this CollectorRegistry registry, string name, params (string Name, string Value)[] labels)
    {
        var series = labels.Length == 0 ? name : $"{name}{{{string.Join(',', labels.Select(l => $"{l.Name}=\"{l.Value}\""))}}}";
        var line = registry.Scrape().Split('\n').FirstOrDefault(l => l.StartsWith($"{series} ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
