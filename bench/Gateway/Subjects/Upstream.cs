using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>
/// What everybody forwards to: nginx with answers of fixed length. <c>/100k</c> and <c>/10m</c> in an address ask for
/// longer ones; a body is read to its end before it is answered.
/// </summary>
internal sealed class Upstream : IAsyncDisposable
{
    public const int AnswerBytes = 1024;

    private readonly Child _process;

    private Upstream(Child process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>The body of an ordinary answer.</summary>
    public static string Answer { get; } =
        string.Concat(Enumerable.Repeat("0123456789abcdef", AnswerBytes / 16));

    public string Address { get; }

    public static async Task<Upstream> StartAsync(
        Scratch scratch,
        CancellationToken cancellationToken
    )
    {
        var port = FreePorts.Next();
        var configuration = await ConfigureAsync(scratch, port, cancellationToken);
        var process = Child.Start(
            Cores.Others,
            scratch.File("upstream.log"),
            ["nginx", "-c", configuration]
        );
        var upstream = new Upstream(process, $"http://127.0.0.1:{port}");
        using var client = new HttpClient();
        await process.UntilAsync(
            async token =>
            {
                try
                {
                    return await client.GetStringAsync(new Uri(upstream.Address), token) == Answer;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "listening",
            cancellationToken
        );
        return upstream;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<string> ConfigureAsync(
        Scratch scratch,
        int port,
        CancellationToken cancellationToken
    )
    {
        var files = scratch.Folder("answers");
        await File.WriteAllBytesAsync(
            Path.Combine(files, "100k"),
            new byte[100 << 10],
            cancellationToken
        );
        await File.WriteAllBytesAsync(
            Path.Combine(files, "10m"),
            new byte[10 << 20],
            cancellationToken
        );
        return NginxFile.Write(
            scratch,
            "upstream",
            $$"""
            default_type application/octet-stream;
            sendfile on;
            tcp_nopush on;
            access_log off;
            client_max_body_size 0;
            client_body_buffer_size 11m;
            server {
              listen 127.0.0.1:{{port}} backlog=4096;
              location / { return 200 "{{Answer}}"; }
              location ~ /100k$ { root {{files}}; try_files /100k =404; }
              location ~ /10m$ { root {{files}}; try_files /10m =404; }
              location ~ /upload$ {
                rewrite ^ /read break;
                proxy_pass http://127.0.0.1:{{port}};
                proxy_pass_request_body off;
                proxy_set_header Content-Length "";
              }
              location = /read { return 200 "{{Answer}}"; }
            }
            """
        );
    }
}
