using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Rules.Costs;

namespace Sam.Operator.Controllers.Machines;

/// <summary>What a Machine costs, in its status: agreed before it is bought, counted at every look.</summary>
internal static class MachineCost
{
    /// <summary>Writes the prices down that it is bought at; they are durable before the call that costs money.</summary>
    public static void Agree(MachineStatus status, Tariff tariff)
    {
        status.HourlyPrice = Text(tariff.Hourly);
        status.Price = new MachinePrice
        {
            Hourly = Text(tariff.Hourly),
            Monthly = Text(tariff.Monthly),
            Ipv4Hourly = Text(tariff.Ipv4Hourly),
            Ipv4Monthly = Text(tariff.Ipv4Monthly),
        };
    }

    /// <summary>Counts what it has cost until now; changes once a started hour, and not at all once the month is paid.</summary>
    public static void Count(MachineStatus status, DateTimeOffset now)
    {
        if (status is { Price: { } price, ServerCreatedAt: { } createdAt })
            status.AccruedCost = Text(ServerCost.Accrued(TariffOf(price), createdAt, status.ServerEndedAt ?? now));
    }

    private static Tariff TariffOf(MachinePrice price) =>
        new(Number(price.Hourly), Number(price.Monthly), Number(price.Ipv4Hourly), Number(price.Ipv4Monthly));

    private static string Text(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
