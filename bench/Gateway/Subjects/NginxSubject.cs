using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>nginx: alone, or with a map of keys, a limit for each and an access log with the fields of a call record.</summary>
internal sealed class NginxSubject : Subject
{
    private const string LogFormat = """
        log_format call escape=json '{"time":"$msec","id":"$request_id","status":$status,"latency":"$request_time",'
          '"upstream_latency":"$upstream_response_time","in":$request_length,"out":$bytes_sent,"application":"$application",'
          '"path":"$uri","query":"$args","address":"$remote_addr","protocol":"$server_protocol","method":"$request_method",'
          '"host":"$host","agent":"$http_user_agent","upstream":"$upstream_addr","server":"$hostname"}';
        """;

    private readonly string? _records;

    private NginxSubject(Child process, string? records)
        : base("nginx", process) => _records = records;

    public static async Task<NginxSubject> StartAsync(
        Scratch scratch,
        Upstream upstream,
        IReadOnlyList<string>? keys,
        Certificate? certificate,
        CancellationToken cancellationToken
    )
    {
        var http = FreePorts.Next();
        var https = FreePorts.Next();
        var records = keys is null ? null : scratch.File("nginx.calls");
        var text = $$"""
            upstream backend { server {{new Uri(
                upstream.Address
            ).Authority}}; keepalive 256; keepalive_requests 1000000000; }
            client_max_body_size 64m;
            proxy_max_temp_file_size 0;
            {{(keys is null ? "access_log off;" : Keys(scratch, keys, records!))}}
            server {
              listen 127.0.0.1:{{http}} backlog=4096;
              {{(certificate is null ? "" : Tls(https, certificate))}}
              location / {
                {{(
                keys is null
                    ? ""
                    : "if ($application = \"\") { return 401; } limit_req zone=per_key burst=100000 nodelay;"
            )}}
                proxy_pass http://backend;
                proxy_http_version 1.1;
                proxy_request_buffering off;
                proxy_set_header Connection "";
                proxy_set_header Host $host;
                proxy_set_header X-Request-Id $request_id;
                proxy_set_header X-Forwarded-For $remote_addr;
                proxy_set_header X-Forwarded-Proto $scheme;
                add_header X-Request-Id $request_id;
              }
            }
            """;
        var process = Child.Start(
            Cores.Proxy,
            scratch.File("nginx.log"),
            ["nginx", "-c", NginxFile.Write(scratch, "nginx", text)]
        );
        var subject = new NginxSubject(process, records)
        {
            Http = $"http://127.0.0.1:{http}",
            Https = certificate is null ? null : $"https://127.0.0.1:{https}",
        };
        await ListensAsync(process, subject.Http, cancellationToken);
        return subject;
    }

    /// <summary>A line each; the first may be that of the call which waited until it listened.</summary>
    public override async Task<long?> CountRecordsAsync(CancellationToken cancellationToken)
    {
        if (_records is null)
        {
            return null;
        }

        // It writes what it holds within this time.
        await Task.Delay(TimeSpan.FromSeconds(1.5), cancellationToken);
        return File.ReadLines(_records)
            .LongCount(l => l.Contains("\"status\":200", StringComparison.Ordinal));
    }

    private static string Keys(Scratch scratch, IReadOnlyList<string> keys, string records)
    {
        var map = scratch.Write(
            "nginx.map",
            string.Concat(keys.Select((key, i) => $"{key} application-{i};\n"))
        );
        return $$"""
            map_hash_max_size 2097152;
            map_hash_bucket_size 256;
            map $http_x_api_key $application { default ""; include {{map}}; }
            limit_req_zone $application zone=per_key:{{Math.Max(
                16,
                keys.Count / 4_000
            )}}m rate=100000r/s;
            {{LogFormat}}
            access_log {{records}} call buffer=64k flush=1s;
            """;
    }

    private static string Tls(int port, Certificate certificate) =>
        $"""
            listen 127.0.0.1:{port} ssl http2 backlog=4096;
            ssl_certificate {certificate.ChainFile};
            ssl_certificate_key {certificate.KeyFile};
            ssl_protocols TLSv1.3;
            ssl_session_cache shared:tls:16m;
            ssl_session_tickets on;
            http2_max_concurrent_streams 256;
            """;
}
