// Runs in workerd: loads a job's module into its own isolate and answers with the result of its `run`.
export default {
  async fetch(request, env) {
    const { module, argsText, keep } = await request.json();
    const code = {
      // With the date of the release, creating an isolate takes twice as long.
      compatibilityDate: '2026-03-01',
      mainModule: 'job.js',
      modules: { 'job.js': module },
      // Its tools are at the host, over HTTP. It can reach nothing else.
      env: { TOOLS: env.TOOLS },
      globalOutbound: null,
    };
    try {
      // With a name it would stay loaded. Without one it ends with its last caller.
      const worker = keep ? env.LOADER.get(keep, () => code) : env.LOADER.load(code);
      return new Response(await worker.getEntrypoint().run(argsText));
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
