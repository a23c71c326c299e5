// The bundler turns imported style sheets into files; to TypeScript they are nothing.
declare module '*.css';
