using Sam.Operator.Controllers.DeploymentNodes.Hosts;
using Sam.Rules.Disks;

namespace Sam.Unit.Tests.DeploymentNodes;

/// <summary>How full a disk is, and what is done about it.</summary>
public sealed class DiskTests
{
    [Theory]
    [InlineData(0, DiskLevel.Sufficient)]
    [InlineData(69, DiskLevel.Sufficient)]
    [InlineData(70, DiskLevel.Filling)]
    [InlineData(84, DiskLevel.Filling)]
    [InlineData(85, DiskLevel.Collecting)]
    [InlineData(94, DiskLevel.Collecting)]
    [InlineData(95, DiskLevel.Full)]
    [InlineData(100, DiskLevel.Full)]
    public void A_disk_is_judged_by_its_thresholds(int percent, DiskLevel level) =>
        Assert.Equal(level, DiskPressureRule.Of(percent, DiskLevel.Sufficient));

    [Theory]
    [InlineData(94, DiskLevel.Full)]
    [InlineData(93, DiskLevel.Full)]
    [InlineData(92, DiskLevel.Collecting)]
    [InlineData(10, DiskLevel.Sufficient)]
    public void A_level_ends_a_little_below_its_threshold(int percent, DiskLevel level) =>
        Assert.Equal(level, DiskPressureRule.Of(percent, DiskLevel.Full));

    [Fact]
    public void What_df_says_is_read_whatever_the_device_is_called()
    {
        const string Head = "Filesystem         1024-blocks    Used Available Capacity Mounted on\n";

        Assert.Equal(new DiskUsage(24, 37), DiskUsage.Parse(Head + "/dev/sda1 39362132 8895404 28801276 24% /data\n"));
        Assert.Equal(new DiskUsage(100, 9), DiskUsage.Parse(Head + "my disk 10000000 9999999 1 100% /data\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Filesystem 1024-blocks Used Available Capacity Mounted on\n")]
    [InlineData("head\n/dev/sda1 a b c d /data\n")]
    [InlineData("head\n/dev/sda1 0 0 0 0% /data\n")]
    [InlineData("head\n/dev/sda1 -1 -1 -1 0% /data\n")]
    public void What_is_not_that_is_no_measure(string output) => Assert.Null(DiskUsage.Parse(output));
}
