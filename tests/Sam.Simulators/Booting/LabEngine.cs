using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Sam.Simulators.Booting;

/// <summary>Containers and volumes of servers in the outer engine.</summary>
internal sealed class LabEngine(IDockerClient docker, EngineLab lab)
{
    /// <summary>Removes what simulators left behind whose process is gone.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var container in await ListAsync(cancellationToken))
        {
            if (LabLabels.IsLeftover(container.Labels))
            {
                await RemoveContainerAsync(container.ID, cancellationToken);
            }
        }

        var volumes = await docker.Volumes.ListAsync(
            new VolumesListParameters { Filters = LabLabels.Filter(lab) },
            cancellationToken
        );
        foreach (var volume in volumes.Volumes ?? [])
        {
            if (LabLabels.IsLeftover(volume.Labels))
            {
                await docker.Volumes.RemoveAsync(volume.Name, force: true, cancellationToken);
            }
        }
    }

    public async Task<IList<ContainerListResponse>> ListAsync(CancellationToken cancellationToken) =>
        await docker.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = LabLabels.Filter(lab) },
            cancellationToken
        );

    /// <summary>Makes the server's disk and container with its seed; not started.</summary>
    public async Task CreateAsync(string name, ServerBoot boot, CancellationToken cancellationToken)
    {
        var labels = LabLabels.Of(lab, boot.Id);
        await docker.Volumes.CreateAsync(new VolumesCreateParameters { Name = name, Labels = labels }, cancellationToken);
        await docker.Containers.CreateContainerAsync(ServerContainer.Describe(name, boot, lab, labels), cancellationToken);
        await using var seed = await NoCloudSeed.PackAsync(boot, cancellationToken);
        await docker.Containers.ExtractArchiveToContainerAsync(
            name,
            new CopyToContainerParameters { Path = NoCloudSeed.Folder },
            seed,
            cancellationToken
        );
    }

    /// <summary>Starts it and tells its address on the lab's network, which may be another one each time.</summary>
    public async Task<IPAddress> StartAsync(string name, CancellationToken cancellationToken)
    {
        await docker.Containers.StartContainerAsync(name, new ContainerStartParameters(), cancellationToken);
        var inspected = await docker.Containers.InspectContainerAsync(name, cancellationToken);
        var address = inspected.NetworkSettings?.Networks?[lab.Network].IPAddress;
        return IPAddress.TryParse(address, out var parsed)
            ? parsed
            : throw new BootRefusedException($"the server ended as it started, with exit code {inspected.State?.ExitCode}");
    }

    public async Task KillAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await docker.Containers.KillContainerAsync(name, new ContainerKillParameters { Signal = "KILL" }, cancellationToken);
            await docker.Containers.WaitContainerAsync(name, cancellationToken);
        }
        catch (DockerApiException error) when (error.StatusCode == HttpStatusCode.Conflict)
        {
            // Not running: that is what was asked for.
            _ = error;
        }
    }

    public Task StopAsync(string name, CancellationToken cancellationToken) =>
        docker.Containers.StopContainerAsync(
            name,
            new ContainerStopParameters { WaitBeforeKillSeconds = ServerContainer.ShutdownSeconds },
            cancellationToken
        );

    /// <summary>Removes container and disk, whichever of them is there.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        await RemoveContainerAsync(name, cancellationToken);
        try
        {
            await docker.Volumes.RemoveAsync(name, force: true, cancellationToken);
        }
        catch (DockerApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            _ = error; // the disk was never made
        }
    }

    /// <summary>Runs a command in the server as root, as at its console.</summary>
    public async Task<ConsoleResult> RunAsync(string name, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var parameters = new ContainerExecCreateParameters
        {
            Cmd = [.. command],
            AttachStdout = true,
            AttachStderr = true,
        };
        var created = await docker.Exec.CreateContainerExecAsync(name, parameters, cancellationToken);
        using var stream = await docker.Exec.StartContainerExecAsync(
            created.ID,
            new ContainerExecStartParameters(),
            cancellationToken
        );
        var (output, errors) = await stream.ReadOutputToEndAsync(cancellationToken);
        var inspected = await docker.Exec.InspectContainerExecAsync(created.ID, cancellationToken);
        return new ConsoleResult((int)(inspected.ExitCode ?? -1), output, errors);
    }

    private async Task RemoveContainerAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await docker.Containers.RemoveContainerAsync(
                name,
                new ContainerRemoveParameters { Force = true, RemoveVolumes = true },
                cancellationToken
            );
        }
        catch (DockerApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            _ = error; // it was never made, or is gone
        }
    }
}

/// <summary>How a command at a server's console ended.</summary>
public sealed record ConsoleResult(int ExitCode, string Output, string Errors);
