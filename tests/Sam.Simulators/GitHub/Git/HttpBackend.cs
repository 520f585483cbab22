using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sam.Simulators.GitHub.Git;

/// <summary>Speaks CGI with `git http-backend` for one request.</summary>
internal static class HttpBackend
{
    private const int CutAfter = 16;

    public static async Task RunAsync(HttpContext context, string folder, string service, bool workflows, bool cut)
    {
        using var process = Process.Start(Describe(context.Request, folder, service, workflows))!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(context.RequestAborted);
            var feeding = FeedAsync(context.Request.Body, process, context.RequestAborted);
            await AnswerAsync(context, process.StandardOutput.BaseStream, cut);
            await feeding;
            await process.WaitForExitAsync(context.RequestAborted);
            await errors;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo Describe(HttpRequest request, string folder, string service, bool workflows)
    {
        var start = GitProgram.Start(folder, ["http-backend"]);
        var environment = start.Environment;
        environment.Remove("GIT_DIR");
        environment["GIT_PROJECT_ROOT"] = Path.GetDirectoryName(folder);
        environment["GIT_HTTP_EXPORT_ALL"] = "1";
        environment["PATH_INFO"] = $"/{Path.GetFileName(folder)}{service}";
        environment["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "";
        environment["REQUEST_METHOD"] = request.Method;
        environment["CONTENT_TYPE"] = request.ContentType ?? "";
        environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding.ToString();
        environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"].ToString();
        environment["REMOTE_USER"] = "simulated"; // pushes need somebody; who that is was decided before
        environment["REMOTE_ADDR"] = "127.0.0.1";
        environment["SAM_SIM_WORKFLOWS"] = workflows ? "yes" : "no";
        if (request.ContentLength is { } length)
        {
            environment["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        }
        return start;
    }

    private static async Task FeedAsync(Stream body, Process process, CancellationToken cancellationToken)
    {
        try
        {
            await body.CopyToAsync(process.StandardInput.BaseStream, cancellationToken);
        }
        catch (IOException) when (process.HasExited)
        {
            // It had read enough to refuse: what it said goes to the client.
            return;
        }
        finally
        {
            process.StandardInput.Close();
        }
    }

    private static async Task AnswerAsync(HttpContext context, Stream output, bool cut)
    {
        var cancellationToken = context.RequestAborted;
        while (await LineAsync(output, cancellationToken) is { Length: > 0 } line)
        {
            var (name, value) = line.Split(':', 2, StringSplitOptions.TrimEntries) is [var n, var v] ? (n, v) : (line, "");
            if (name == "Status")
            {
                context.Response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            }
            else
            {
                context.Response.Headers[name] = value;
            }
        }
        if (cut)
        {
            var part = new byte[CutAfter];
            var read = await output.ReadAtLeastAsync(part, CutAfter, throwOnEndOfStream: false, cancellationToken);
            await context.Response.Body.WriteAsync(part.AsMemory(0, read), cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
            context.Abort();
            return;
        }
        await output.CopyToAsync(context.Response.Body, cancellationToken);
    }

    private static async Task<string> LineAsync(Stream output, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await output.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }
        return line.ToString().TrimEnd('\r');
    }
}
